/**
 * Measures coherence as it happens (SPEC B6): how long invalidations take to reach this
 * process, and whether the reads after one were answered from Redis, because somebody had
 * loaded the value again, or by loads. It measures only; no rule depends on it.
 */
import { Histogram } from '../base/histogram.ts'
import type { CoherenceStats } from '../core/stats.ts'

/** Invalidated keys whose next reads are looked at; more are not followed. */
export const followedKeysMax = 1_024

export class CoherenceMeter {
  /** For how long after an invalidation its key is followed. */
  readonly #followMs: number
  readonly #lagMs = new Histogram()
  /** Until when each key is followed, the oldest first. */
  readonly #followed = new Map<string, number>()
  #hits = 0
  #misses = 0

  constructor(followMs: number) {
    this.#followMs = followMs
  }

  /** `lagMs`: since the server executed it; undefined while its time is not known. */
  arrived(keys: readonly string[], lagMs: number | undefined, nowMs: number): void {
    if (lagMs !== undefined) this.#lagMs.add(lagMs)
    for (const key of keys) {
      if (!this.#hasRoom(nowMs)) return
      this.#followed.delete(key)
      this.#followed.set(key, nowMs + this.#followMs)
    }
  }

  /** A read that memory could not answer. */
  answered(key: string, from: 'redis' | 'source', nowMs: number): void {
    if (this.#followed.size === 0) return
    const untilMs = this.#followed.get(key)
    if (untilMs === undefined) return
    if (nowMs >= untilMs) this.#followed.delete(key)
    else if (from === 'redis') this.#hits++
    else this.#misses++
  }

  snapshot(): CoherenceStats {
    const lag = this.#lagMs
    const { count, max: maxMs } = lag
    const lagMs = { count, p50Ms: lag.percentile(0.5), p99Ms: lag.percentile(0.99), maxMs }
    return { lag: lagMs, afterInvalidation: { hits: this.#hits, misses: this.#misses } }
  }

  #hasRoom(nowMs: number): boolean {
    for (const [key, untilMs] of this.#followed) {
      if (untilMs > nowMs) break
      this.#followed.delete(key)
    }
    return this.#followed.size < followedKeysMax
  }
}
