/**
 * The search results cache: one entry for each query and all that mean the same, whatever page of
 * it is asked for. An entry holds ids; the markets come from their own family.
 *
 *   text ─▶ canonical query ─▶ search ─▶ ids ─▶ market, one batch for the page
 *               │                 │ on a miss
 *               └── searchable ◀──┘  texts of all active markets: one bounded read
 */
import type { GetOptions } from 'staleproof'
import type { Market } from '../domain/market.ts'
import type { SearchResult } from '../domain/search.ts'
import type { PolycoolCache } from '../domain/writes.ts'
import { canonicalQuery } from '../search/canonical-query.ts'
import { SearchIndexes } from '../search/search-index.ts'
import { searchMarkets } from '../search/search-markets.ts'

export interface SearchOrder {
  readonly text: string
  readonly limit: number
  readonly offset: number
}

export interface SearchPage extends Pick<SearchResult, 'total' | 'marketsSearched' | 'computedAt'> {
  /** What was searched for, in words that the markets have. */
  readonly query: string
  readonly markets: readonly Market[]
}

export class SearchCache {
  readonly #cache: () => PolycoolCache
  readonly #indexes = new SearchIndexes()

  /** Its source is part of the cache, so the cache is asked for when the first search comes. */
  constructor(cache: () => PolycoolCache) {
    this.#cache = cache
  }

  /**
   * The source of the family `search`. Inside a source the read of `searchable` is strict, so a
   * result is never made of texts that were invalidated before it began.
   */
  async find(query: string): Promise<SearchResult> {
    const index = await this.#index({})
    return searchMarkets(index, query, Date.now())
  }

  async page({ text, limit, offset }: SearchOrder, options: GetOptions): Promise<SearchPage> {
    const query = canonicalQuery(await this.#index(options), text)
    const found = (await this.#cache().search.get(query, options)) ?? nothingFound
    const ids = found.marketIds.slice(offset, offset + limit)
    const markets = await this.#cache().market.getMany(ids, options)
    const { total, marketsSearched, computedAt } = found
    const present = markets.filter((market) => market !== undefined)
    return { query, markets: present, total, marketsSearched, computedAt }
  }

  async #index(options: GetOptions) {
    return this.#indexes.of((await this.#cache().searchable.get(options)) ?? [])
  }
}

const nothingFound: SearchResult = {
  marketIds: [],
  total: 0,
  marketsSearched: 0,
  computedAt: new Date(0).toISOString(),
}
