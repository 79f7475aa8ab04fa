/** Prices as readers ask for them; the workers write them. */
import { eq, inArray } from 'drizzle-orm'
import type { Queryable } from '../../database/connection.ts'
import { markets, prices } from '../../database/schema.ts'
import { type Price, priceOf } from '../../domain/price.ts'
import { notFound } from '../../process/service-error.ts'

/** Aligned with `marketIds`; `undefined` where there is none. One query. */
export async function pricesByIds(
  database: Queryable,
  marketIds: readonly string[],
): Promise<(Price | undefined)[]> {
  const rows = await database
    .select()
    .from(prices)
    .where(inArray(prices.marketId, [...marketIds]))
  const byId = new Map(rows.map((row) => [row.marketId, toPrice(row)]))
  return marketIds.map((id) => byId.get(id))
}

export async function priceById(database: Queryable, marketId: string): Promise<Price | undefined> {
  const [row] = await database.select().from(prices).where(eq(prices.marketId, marketId))
  return row === undefined ? undefined : toPrice(row)
}

export interface QuotedMarket {
  readonly isActive: boolean
  readonly quote: Price | undefined
}

/** One query. Throws 404 where there is no such market. */
export async function quotedMarket(database: Queryable, marketId: string): Promise<QuotedMarket> {
  const [row] = await database
    .select({ isActive: markets.isActive, quote: prices })
    .from(markets)
    .leftJoin(prices, eq(prices.marketId, markets.id))
    .where(eq(markets.id, marketId))
  if (row === undefined) throw notFound('market', marketId)
  const { isActive, quote } = row
  return { isActive, quote: quote === null ? undefined : toPrice(quote) }
}

export function toPrice(row: typeof prices.$inferSelect): Price {
  return priceOf({ ...row, quotedAt: row.quotedAt.toISOString() })
}
