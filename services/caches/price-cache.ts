/**
 * Price cache: what each market is quoted at, apart from what is said about it, and which markets
 * are active. A quote is written through: it takes the place of an older one in Redis and in every
 * memory, so that a market that moves fifty times a second is still answered without the database.
 */
import type { Key, SetResult } from 'staleproof'
import type { TokenMeaning } from '../domain/leader.ts'
import {
  buyPrice,
  type Price,
  priceOf,
  type Quote,
  sellPrice,
  type TokenPrice,
} from '../domain/price.ts'
import type { MarketChange, PolycoolCache } from '../domain/writes.ts'

/** Sets that are under way at once. */
const setsMax = 200

/** The prices that quotes of these markets replace. */
export function priceKeys(cache: PolycoolCache, quotes: readonly Quote[]): Key[] {
  return quotes.map(({ marketId }) => cache.price.key(marketId))
}

/** The set of active markets changes only when a market joins or leaves it. */
export function activeMarketKeys(cache: PolycoolCache, changes: readonly MarketChange[]): Key[] {
  return changes.some(({ opensOrCloses }) => opensOrCloses) ? [cache.activeMarkets.key()] : []
}

export interface TokenLookups {
  readonly meaningsOf: (
    tokenIds: readonly string[],
  ) => Promise<readonly (TokenMeaning | undefined)[]>
  readonly pricesOf: (marketIds: readonly string[]) => Promise<readonly (Price | undefined)[]>
}

/**
 * Aligned with `tokenIds`, whatever their number: one batch says what the tokens stand for, one
 * what their markets are quoted at. Both tokens of a market share its price.
 */
export async function tokenPrices(
  tokenIds: readonly string[],
  { meaningsOf, pricesOf }: TokenLookups,
): Promise<(TokenPrice | undefined)[]> {
  const meanings = await meaningsOf(tokenIds)
  const known = meanings.filter((meaning) => meaning !== undefined)
  const marketIds = [...new Set(known.map(({ marketId }) => marketId))]
  const prices = marketIds.length === 0 ? [] : await pricesOf(marketIds)
  const byMarket = new Map(marketIds.map((id, index) => [id, prices[index]]))
  return tokenIds.map((tokenId, index) => {
    const meaning = meanings[index]
    const price = meaning && byMarket.get(meaning.marketId)
    return meaning && price && tokenPriceOf(tokenId, meaning, price)
  })
}

function tokenPriceOf(tokenId: string, { marketId, outcome }: TokenMeaning, price: Price) {
  const { spread, seq } = price
  const [buy, sell] = [buyPrice(price, outcome), sellPrice(price, outcome)]
  return { tokenId, marketId, outcome, buy, sell, spread, seq }
}

/**
 * Middle and spread are computed here and nowhere else on the way to a reader. A quote that comes
 * after a newer one changes nothing: `seq` decides, not the time of arrival. Rejects after all of
 * them were tried.
 */
export async function writePrices(
  cache: PolycoolCache,
  quotes: readonly Quote[],
  why: { readonly reason: string },
): Promise<readonly SetResult[]> {
  const results: SetResult[] = []
  const faults: unknown[] = []
  for (let start = 0; start < quotes.length; start += setsMax) {
    const sets = quotes
      .slice(start, start + setsMax)
      .map((quote) => cache.price.set(quote.marketId, priceOf(quote), why))
    for (const set of await Promise.allSettled(sets)) {
      if (set.status === 'rejected') faults.push(set.reason)
      else results.push(set.value)
    }
  }
  if (faults.length > 0) throw faults[0]
  return results
}
