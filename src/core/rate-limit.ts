/** Rate limits as their users see them: tokens that come back at a rate. */
import type { Duration } from '../base/duration.ts'
import type { Signal } from './signal.ts'

/** What `cache.limiter` takes besides a name. */
export interface LimiterOptions {
  /** Tokens that come back in `per`; at most 10,000 a second. */
  readonly rate: number
  readonly per: Duration
  /** Tokens of a full bucket: what may be taken at once after a pause. Default: `rate`. */
  readonly burst?: number | undefined
  /** `shared` (default): one quota for all processes on one Redis. `process`: one for each. */
  readonly scope?: 'shared' | 'process' | undefined
  /**
   * `local`: each process has a bucket of its own meanwhile, with the same rate, so that `n` of
   * them allow `n` times as much. `allow`, `refuse`: everything. Default `local`.
   */
  readonly whenRedisIsDown?: 'local' | 'allow' | 'refuse' | undefined
}
/** What `take` takes besides a number of tokens. */
export interface TakeOptions {
  /** The longest that is waited for tokens, up to a minute. Default: not at all. */
  readonly wait?: Duration | undefined
  /** Ends the wait; the tokens that were promised to it are lost. */
  readonly signal?: Signal | undefined
}
/** Whether tokens were taken. */
export interface TakeResult {
  readonly granted: boolean
  /** When as many can be had, if nobody else takes any; 0 where they were granted. */
  readonly retryAfterMs: number
  /** Tokens that are left; 0 where nobody counts, because Redis is down. */
  readonly remaining: number
}
/** Tokens that come back at a rate. */
export interface TokenBucket {
  /**
   * Resolves when so many tokens (default 1) may be used, in the order of asking over all
   * processes. Rejects with `SP_RATE_LIMITED` at once if that would take longer than `wait`.
   */
  take(count?: number, options?: TakeOptions): Promise<void>
  /** Takes so many tokens if they are there, and says what it did. */
  tryTake(count?: number): Promise<TakeResult>
}
/** What a limiter has counted in this process since it was made. */
export interface LimiterStats {
  readonly granted: number
  readonly refused: number
  /** Decided without Redis, although the quota is shared. */
  readonly withoutRedis: number
  /** Calls of `take` under way. */
  readonly waiting: number
}
/** A bucket, and one like it for each client. */
export interface RateLimiter extends TokenBucket {
  /** The bucket of one client, with this limiter's rate. */
  of(client: string | number): TokenBucket
  readonly stats: LimiterStats
}
