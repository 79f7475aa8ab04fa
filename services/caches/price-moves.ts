/**
 * Large moves of prices, as this process hears of them: who comes because of one wants the market
 * at once. Only markets are followed that were read here lately.
 */
import type { CacheEvent } from 'staleproof'
import type { PolycoolCache } from '../domain/writes.ts'

export interface PriceMovesOptions {
  readonly cache: PolycoolCache
  /** As a price between 0 and 1. */
  readonly threshold: number
  readonly onMove: (marketIds: readonly string[]) => void
}

interface Followed {
  readonly marketId: string
  /** Of its price. */
  readonly key: string
  /** By the number of reads before it. */
  lastRead: number
  /** The middle from which a move is counted. */
  mid: number | undefined
}

/** The one that nobody has read for longest makes room. */
export const followedMax = 1_000
/** Prices that change within it are looked at together. */
const gatherMs = 250

/** Whether it has gone so far, whichever way. */
export function isLargeMove(from: number, to: number, threshold: number): boolean {
  // Prices have six decimals; their difference has more.
  return Math.abs(to - from) >= threshold - 1e-9
}

export class PriceMoves {
  readonly #options: PriceMovesOptions
  readonly #followed = new Map<string, Followed>()
  readonly #byPriceKey = new Map<string, Followed>()
  readonly #changed = new Set<Followed>()
  readonly #stop: () => void
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> = Promise.resolve()
  #moves = 0
  #reads = 0

  constructor(options: PriceMovesOptions) {
    this.#options = options
    this.#stop = options.cache.observe({ notify: (event) => this.#notify(event) })
  }

  get followed(): number {
    return this.#followed.size
  }

  /** Large ones, so far. */
  get moves(): number {
    return this.#moves
  }

  /** Somebody has read it. */
  follow(marketId: string): void {
    const followed = this.#followed.get(marketId) ?? this.#begin(marketId)
    followed.lastRead = ++this.#reads
    // What it costs when it begins is what moves are counted from.
    if (followed.mid === undefined) this.#changes(followed)
  }

  #begin(marketId: string): Followed {
    if (this.#followed.size === followedMax) this.#forgetOne()
    const { text: key } = this.#options.cache.price.key(marketId)
    const followed = { marketId, key, lastRead: 0, mid: undefined }
    this.#followed.set(marketId, followed)
    this.#byPriceKey.set(key, followed)
    return followed
  }

  /** A look at all when one more comes costs less than to keep them in order at each read. */
  #forgetOne(): void {
    const all = [...this.#followed.values()]
    const oldest = all.reduce((one, other) => (one.lastRead < other.lastRead ? one : other))
    this.#followed.delete(oldest.marketId)
    this.#byPriceKey.delete(oldest.key)
    this.#changed.delete(oldest)
  }

  async close(): Promise<void> {
    this.#stop()
    clearTimeout(this.#timer)
    this.#changed.clear()
    await this.#looking
  }

  #notify(event: CacheEvent): void {
    if (event.kind !== 'set' && event.kind !== 'invalidate') return
    const keys = event.kind === 'set' ? [event.key] : event.keys
    for (const key of keys) {
      const followed = this.#byPriceKey.get(key)
      if (followed !== undefined) this.#changes(followed)
    }
  }

  #changes(followed: Followed): void {
    this.#changed.add(followed)
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#looking = this.#looking.then(() => this.#look())
    }, gatherMs)
    this.#timer.unref()
  }

  async #look(): Promise<void> {
    const followed = [...this.#changed]
    this.#changed.clear()
    const { cache, threshold, onMove } = this.#options
    const ids = followed.map(({ marketId }) => marketId)
    const found = await cache.price.lookupMany(ids, { priority: 'warm' }).catch(() => [])
    const moved = followed.filter((one, index) => {
      const mid = found[index]?.value?.mid
      if (mid === undefined) return false
      const isLarge = one.mid !== undefined && isLargeMove(one.mid, mid, threshold)
      if (isLarge || one.mid === undefined) one.mid = mid
      return isLarge
    })
    this.#moves += moved.length
    if (moved.length > 0) onMove(moved.map(({ marketId }) => marketId))
  }
}
