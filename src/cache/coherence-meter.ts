/**
 * Measures coherence as it happens (SPEC B6): how long invalidations take to reach this
 * process and from whom, how many processes they reach, whether the reads after one were
 * answered from Redis, because somebody had loaded the value again, or by loads, and why trust
 * was lost. It measures only; no rule depends on it.
 */
import { Histogram } from '../base/histogram.ts'
import { serviceOf } from '../core/origin.ts'
import type { CacheEvent, Observer } from '../core/outcome.ts'
import type { CoherenceStats, LagStats } from '../core/stats.ts'

/** Invalidated keys whose next reads are looked at; more are not followed. */
export const followedKeysMax = 1_024
/** Services whose lag is told apart; the rest is counted together. */
export const originsMax = 32
const others = '(others)'
/** Why trust is lost. All else is what a connection broke of, which has no end of names. */
const reasons: ReadonlySet<string> = new Set([
  ...['beat', 'clock', 'epoch', 'gap', 'incarnation', 'settings', 'subscription'],
])
const broken = 'connection'

/** A message that invalidated something. */
interface Arrival {
  readonly keys: readonly string[]
  /** Who asked. */
  readonly origin: string
  /** Since the server executed it; undefined while its time is not known. */
  readonly lagMs: number | undefined
  /** On this process's own clock. */
  readonly atMs: number
}

/** Arrivals that may wait to be counted. */
export const arrivalsMax = 64

export class CoherenceMeter implements Observer {
  /** Reads that were compared with Redis. */
  shadowReads = 0
  /** For how long after an invalidation its key is followed. */
  readonly #followMs: number
  readonly #lagByOrigin = new Map<string, Histogram>()
  readonly #trustLost = new Map<string, number>()
  /** Counted with the next miss, and not on the way of a message into memory. */
  readonly #arrivals: Arrival[] = []
  /** Until when each key is followed, the oldest first. */
  readonly #followed = new Map<string, number>()
  #hits = 0
  #misses = 0
  #calls = 0
  #reached = 0

  constructor(followMs: number) {
    this.#followMs = followMs
  }

  notify(event: CacheEvent): void {
    // That it ran out with the time is noticed later, and not as a loss of its own.
    if (event.kind === 'trust' && !event.held && event.reason === 'beat') this.trustLost('beat')
    if (event.kind !== 'invalidate' || event.via !== 'call') return
    this.#calls++
    this.#reached += event.reached
  }

  /** Everything that memory holds of a partition has become a suspect. */
  trustLost(because: string): void {
    const reason = reasons.has(because) ? because : broken
    this.#trustLost.set(reason, (this.#trustLost.get(reason) ?? 0) + 1)
  }

  /** Arrivals that are not counted yet. */
  get waiting(): number {
    return this.#arrivals.length
  }

  arrived(arrival: Arrival): void {
    if (this.#arrivals.push(arrival) >= arrivalsMax) this.#countArrivals()
  }

  /** A read that memory could not answer. */
  answered(key: string, from: 'redis' | 'source', nowMs: number): void {
    this.#countArrivals()
    if (this.#followed.size === 0) return
    const untilMs = this.#followed.get(key)
    if (untilMs === undefined) return
    if (nowMs >= untilMs) this.#followed.delete(key)
    else if (from === 'redis') this.#hits++
    else this.#misses++
  }

  snapshot(): Omit<CoherenceStats, 'staleReads'> {
    this.#countArrivals()
    const lagByOrigin: Record<string, LagStats> = {}
    const lagMs = new Histogram()
    for (const [origin, lag] of this.#lagByOrigin) {
      lagByOrigin[origin] = lagStats(lag)
      lagMs.merge(lag.snapshot())
    }
    return {
      lag: lagStats(lagMs),
      lagByOrigin,
      afterInvalidation: { hits: this.#hits, misses: this.#misses },
      reach: { calls: this.#calls, processes: this.#reached },
      trustLost: Object.fromEntries(this.#trustLost),
      shadowReads: this.shadowReads,
    }
  }

  #countArrivals(): void {
    if (this.#arrivals.length === 0) return
    for (const { keys, origin, lagMs, atMs } of this.#arrivals.splice(0)) {
      if (lagMs !== undefined) this.#lagOf(serviceOf(origin)).add(lagMs)
      this.#follow(keys, atMs)
    }
  }

  #follow(keys: readonly string[], nowMs: number): void {
    for (const key of keys) {
      if (this.#followed.size >= followedKeysMax && !this.#makeRoom(nowMs)) return
      this.#followed.delete(key)
      this.#followed.set(key, nowMs + this.#followMs)
    }
  }

  #lagOf(service: string): Histogram {
    const known = this.#lagByOrigin.get(service)
    if (known !== undefined) return known
    if (this.#lagByOrigin.size >= originsMax - 1 && service !== others) return this.#lagOf(others)
    const lag = new Histogram()
    this.#lagByOrigin.set(service, lag)
    return lag
  }

  #makeRoom(nowMs: number): boolean {
    for (const [key, untilMs] of this.#followed) {
      if (untilMs > nowMs) break
      this.#followed.delete(key)
    }
    return this.#followed.size < followedKeysMax
  }
}

function lagStats(lag: Histogram): LagStats {
  const { count, max: maxMs } = lag
  return { count, p50Ms: lag.percentile(0.5), p99Ms: lag.percentile(0.99), maxMs }
}
