/** Prices as readers ask for them; the workers write them. */
import { eq, inArray } from 'drizzle-orm'
import type { Queryable } from '../../database/connection.ts'
import { prices } from '../../database/schema.ts'
import { type Price, priceOf } from '../../domain/price.ts'

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

function toPrice(row: typeof prices.$inferSelect): Price {
  return priceOf({ ...row, quotedAt: row.quotedAt.toISOString() })
}
