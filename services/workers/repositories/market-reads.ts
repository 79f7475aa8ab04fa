/** What the workers read of markets and prices: what is there when a provider is not. */
import { inArray } from 'drizzle-orm'
import type { Queryable } from '../../database/connection.ts'
import { markets, prices } from '../../database/schema.ts'
import type { Quote } from '../../domain/price.ts'
import type { IndexedMarket } from '../market-index.ts'

export async function storedMarkets(database: Queryable): Promise<IndexedMarket[]> {
  const { id, conditionId, yesTokenId } = markets
  return database.select({ id, conditionId, yesTokenId }).from(markets)
}

/** Aligned with `conditionIds`; `undefined` where there is none. One query. */
export async function marketIdsByConditions(
  database: Queryable,
  conditionIds: readonly string[],
): Promise<(string | undefined)[]> {
  const { id, conditionId } = markets
  const rows = await database
    .select({ id, conditionId })
    .from(markets)
    .where(inArray(conditionId, [...conditionIds]))
  const idByCondition = new Map(rows.map((row) => [row.conditionId, row.id]))
  return conditionIds.map((wanted) => idByCondition.get(wanted))
}

/** The last quote of every market. */
export async function lastQuotes(database: Queryable): Promise<Quote[]> {
  const { marketId, bid, ask, seq, quotedAt } = prices
  const rows = await database.select({ marketId, bid, ask, seq, quotedAt }).from(prices)
  return rows.map((row) => ({ ...row, quotedAt: row.quotedAt.toISOString() }))
}
