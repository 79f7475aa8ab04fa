/** Our cache where Redis takes part: hits there, loads that are stored, and batches of both. */
import type { Contestant } from '../contestant.ts'
import { inLanes } from '../lanes.ts'
import { expectQuote, keyCount, textIds } from '../workload.ts'
import { type BenchCache, byText, fill, openBenchCache } from './bench-cache.ts'

export interface RedisContestOptions {
  readonly name: string
  readonly redisUrl: string | undefined
  readonly lanes: number
  /** Keys of one operation; more than one are asked for by `getMany`. Default 1. */
  readonly batch?: number
}

/** Without memory, so that each read goes to Redis. */
export function redisHit(options: RedisContestOptions): Contestant {
  const { name, redisUrl, lanes, batch = 1 } = options
  const ids = Array.from({ length: keyCount }, (_, number) => textIds.of(number))
  let cache: BenchCache | undefined
  let at = 0
  return {
    name,
    async prepare() {
      cache = await openBenchCache({ redisUrl, hasMemory: false, loadsMany: true })
      await fill(cache, byText)
      for (const number of [0, 7, 9_999]) {
        expectQuote(name, number, await cache.text.get(textIds.of(number)))
      }
    },
    async run(operations) {
      const { text } = preparedCache(cache, name)
      const before = countsOf(cache).redis
      await inLanes(lanes, operations, async () => {
        at = (at + batch) % keyCount
        if (batch === 1) await text.get(ids[at] ?? '')
        else await text.getMany(ids.slice(at, at + batch))
        return true
      })
      return (countsOf(cache).redis - before) / batch
    },
    close: async () => cache?.close(),
  }
}

/** With everything on: memory, Redis and bus. Every key is asked for once. */
export function loadAndStore(options: RedisContestOptions): Contestant {
  const { name, redisUrl, lanes, batch = 1 } = options
  let cache: BenchCache | undefined
  let next = 0
  return {
    name,
    async prepare() {
      cache = await openBenchCache({ redisUrl, hasMemory: true, loadsMany: batch > 1 })
      expectQuote(name, 0, await cache.text.get(textIds.of(next++)))
    },
    async run(operations) {
      const opened = preparedCache(cache, name)
      const before = countsOf(opened).stored
      await inLanes(lanes, operations, async () => {
        const first = next
        next += batch
        if (batch === 1) await opened.text.get(textIds.of(first))
        else await opened.text.getMany(idsFrom(first, batch))
        return true
      })
      // Storing goes on behind the answer; it is part of the cost.
      await opened.settled()
      return (countsOf(opened).stored - before) / batch
    },
    close: async () => cache?.close(),
  }
}

function preparedCache(cache: BenchCache | undefined, name: string): BenchCache {
  if (cache === undefined) throw new Error(`${name} has not been prepared`)
  return cache
}

function countsOf(cache: BenchCache | undefined): { redis: number; stored: number } {
  const text = cache?.stats().families.text
  return { redis: text?.reads.redis ?? 0, stored: text?.stores.stored ?? 0 }
}

function idsFrom(first: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => textIds.of(first + at))
}
