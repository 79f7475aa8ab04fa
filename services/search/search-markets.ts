/** A query answered from an index: ids, how many there are, from how many, and when. */
import type { SearchResult } from '../domain/search.ts'
import { rank } from './rank.ts'
import type { SearchIndex } from './search-index.ts'

/** Of one query, so many can be shown. */
export const resultsMax = 200

/** `query` as `canonicalQuery` makes it. */
export function searchMarkets(index: SearchIndex, query: string, nowMs: number): SearchResult {
  const words = query === '' ? [] : query.split(' ')
  const { marketIds, total } = rank(index, words, resultsMax)
  const marketsSearched = index.markets.length
  return { marketIds, total, marketsSearched, computedAt: new Date(nowMs).toISOString() }
}
