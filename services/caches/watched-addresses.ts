/**
 * The watched addresses cache: who is watched, and what follows from it. Services ask for a set of
 * addresses; as long as nothing has changed it is the same set, and asking costs one look-up in
 * memory, whatever the number of trades that are compared with it.
 */
import type { GetOptions, Key } from 'staleproof'
import type { MarketChange, PolycoolCache } from '../domain/writes.ts'

/** Somebody is watched, or not any more, or copied by another number of users. */
export function watchingKeys(cache: PolycoolCache): Key[] {
  return [cache.watchedAddresses.key(), ...leaderTradeKeys(cache)]
}

/** A watched address has traded. */
export function leaderTradeKeys(cache: PolycoolCache): Key[] {
  return [cache.smartTrades.key(), cache.leaderboard.key()]
}

/** The latest trades show the question of their market, which may be among these changes. */
export function renamedTradeKeys(cache: PolycoolCache, changes: readonly MarketChange[]): Key[] {
  return changes.some(({ isRenamed }) => isRenamed) ? [cache.smartTrades.key()] : []
}

export class WatchedAddresses {
  readonly #cache: PolycoolCache
  readonly #sets = new WeakMap<object, ReadonlySet<string>>()

  constructor(cache: PolycoolCache) {
    this.#cache = cache
  }

  async current(options: GetOptions): Promise<ReadonlySet<string>> {
    const watched = (await this.#cache.watchedAddresses.get(options)) ?? []
    const known = this.#sets.get(watched)
    if (known !== undefined) return known
    const addresses = new Set(watched.map(({ address }) => address))
    this.#sets.set(watched, addresses)
    return addresses
  }

  /** Calls when somebody, in whatever service, has changed who is watched. Returns its end. */
  onChange(listener: () => void): () => void {
    const key = this.#cache.watchedAddresses.key().text
    return this.#cache.observe({
      notify: (event) => {
        if (event.kind === 'invalidate' && event.keys.includes(key)) listener()
      },
    })
  }
}
