/** A process that takes from a quota as fast as it can, and remembers when it was given what. */
import { defineCatalog, isStaleproofError, openCache } from 'staleproof'
import { type Calls, serveCalls } from '../servers/worker.ts'
import { monotonicMs } from './reading.ts'

export interface QuotaInit {
  readonly service: string
  readonly redisUrl: string
  readonly rate: number
  readonly burst: number
}

/** Tokens, and when they were asked for and given by the clock that all processes share. */
export interface Grant {
  readonly count: number
  readonly askedMs: number
  readonly givenMs: number
}

export interface QuotaCalls extends Calls {
  /** Until then; `waitMs` for each call, 0: none waits. */
  readonly takeUntil: (untilMs: number, waitMs: number) => Promise<Grant[]>
  readonly withoutRedis: () => number
}

/** Calls in one tick. */
const atOnce = 5

serveCalls(async ({ service, redisUrl, rate, burst }: QuotaInit): Promise<QuotaCalls> => {
  const catalog = defineCatalog('quota', {})
  const cache = await openCache(catalog, { service, redis: redisUrl, log: false })
  const limiter = cache.limiter('provider', { rate, per: '1s', burst })
  const takeOne = async (count: number, waitMs: number): Promise<Grant | undefined> => {
    const askedMs = monotonicMs()
    try {
      await limiter.take(count, waitMs > 0 ? { wait: waitMs } : {})
    } catch (error) {
      if (isStaleproofError(error, 'SP_RATE_LIMITED')) return undefined
      throw error
    }
    return { count, askedMs, givenMs: monotonicMs() }
  }
  return {
    takeUntil: async (untilMs, waitMs) => {
      const grants: Grant[] = []
      while (monotonicMs() < untilMs) {
        const calls = Array.from({ length: atOnce }, (_, at) => takeOne(1 + (at % 2), waitMs))
        for (const grant of await Promise.all(calls)) if (grant !== undefined) grants.push(grant)
      }
      return grants
    },
    withoutRedis: () => limiter.stats.withoutRedis,
  }
})
