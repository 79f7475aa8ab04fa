/**
 * Position cache: what each user holds. A user's list changes with his own trades and with nothing
 * else; its worth is computed from the price cache when it is read, one batch for all positions.
 */
import type { DeepReadonly, Key } from 'staleproof'
import { type Holding, type Position, valued } from '../domain/position.ts'
import type { Quote } from '../domain/price.ts'
import type { PolycoolCache, PositionChange, TradeChange } from '../domain/writes.ts'

/** The list of the owner and the position itself; no key of anybody else. */
export function positionKeys(cache: PolycoolCache, { userId, positionId }: PositionChange): Key[] {
  return [cache.positions.key(userId), cache.position.key(positionId)]
}

/** Who has just traded looks closely, and so do others at the market: both live shorter. */
export async function afterTrade(
  cache: PolycoolCache,
  { userId, marketId }: TradeChange,
): Promise<void> {
  await Promise.all([cache.positions.activity(userId), cache.price.activity(marketId)])
}

export type QuotesOf = (
  marketIds: readonly string[],
) => Promise<readonly (Pick<Quote, 'bid' | 'ask'> | undefined)[]>

/** Twenty positions cost one batch of prices, not twenty calls; none costs nothing. */
export async function valuedAll(
  holdings: readonly DeepReadonly<Holding>[],
  quotesOf: QuotesOf,
): Promise<Position[]> {
  const marketIds = [...new Set(holdings.map(({ marketId }) => marketId))]
  const quotes = marketIds.length === 0 ? [] : await quotesOf(marketIds)
  const byMarket = new Map(marketIds.map((id, index) => [id, quotes[index]]))
  return holdings.map((holding) => valued(holding, byMarket.get(holding.marketId)))
}
