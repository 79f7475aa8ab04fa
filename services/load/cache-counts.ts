/** What the API says of its caches, as far as a hit rate needs it. */
import { z } from 'zod'

/** Of one family; only rises. */
export interface CacheCounts {
  /** Reads of a key that were answered without a source. */
  readonly hits: number
  /** Reads that asked a source, or waited for another one that did. */
  readonly misses: number
  /** Keys that were loaded from a source. */
  readonly loads: number
}

const count = z.number().nonnegative()
const figures = z
  .object({
    hits: z.object({ memory: count, redis: count }),
    stale: count,
    joined: count,
    misses: count,
    loads: count,
  })
  .transform(({ hits, stale, joined, misses, loads }) => ({
    hits: hits.memory + hits.redis + stale,
    misses: misses + joined,
    loads,
  }))
const answer = z.object({ families: z.record(z.string(), figures) })

/** From the answer of `GET /debug/caches`. */
export function cacheCounts(body: unknown): ReadonlyMap<string, CacheCounts> {
  return new Map(Object.entries(answer.parse(body).families))
}

const none: CacheCounts = { hits: 0, misses: 0, loads: 0 }

/** What was counted between two readings, of the families that were read at all. */
export function countsBetween(
  before: ReadonlyMap<string, CacheCounts>,
  after: ReadonlyMap<string, CacheCounts>,
): ReadonlyMap<string, CacheCounts> {
  const counted = [...after].map(([family, now]): [string, CacheCounts] => {
    const { hits, misses, loads } = before.get(family) ?? none
    return [
      family,
      { hits: now.hits - hits, misses: now.misses - misses, loads: now.loads - loads },
    ]
  })
  return new Map(counted.filter(([, { hits, misses }]) => hits + misses > 0))
}

/** 0 to 1; `undefined` where nothing was read. */
export function hitRate({ hits, misses }: CacheCounts): number | undefined {
  return hits + misses === 0 ? undefined : hits / (hits + misses)
}
