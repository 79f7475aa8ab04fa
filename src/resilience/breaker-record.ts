/** What a breaker has seen: numbers for `stats`, which decide nothing. */
import { Histogram } from '../base/histogram.ts'
import type { BreakerState, BreakerStats } from '../core/stats.ts'

export class BreakerRecord {
  readonly #latency = new Histogram()
  #openedMs: number | undefined
  #recoveryMs = 0
  #recoveries = 0
  #failures = 0
  #rejected = 0
  #recoveryAttempts = 0

  called(ms: number, isFailure: boolean): void {
    this.#latency.add(ms)
    if (isFailure) this.#failures++
  }

  /** A failure whose call was measured elsewhere, or was none. */
  failed(): void {
    this.#failures++
  }

  rejected(): void {
    this.#rejected++
  }

  tried(): void {
    this.#recoveryAttempts++
  }

  /** Only the first opening counts: trials that fail belong to the same outage. */
  opened(nowMs: number): void {
    this.#openedMs ??= nowMs
  }

  closed(nowMs: number): void {
    if (this.#openedMs === undefined) return
    this.#recoveryMs += nowMs - this.#openedMs
    this.#recoveries++
    this.#openedMs = undefined
  }

  snapshot(state: BreakerState): BreakerStats {
    const latency = this.#latency
    return {
      state,
      failures: this.#failures,
      rejected: this.#rejected,
      recoveryAttempts: this.#recoveryAttempts,
      recoveries: this.#recoveries,
      recoveryMeanMs: this.#recoveries === 0 ? undefined : this.#recoveryMs / this.#recoveries,
      latency: {
        p50Ms: latency.percentile(0.5),
        p99Ms: latency.percentile(0.99),
        maxMs: latency.max,
      },
    }
  }
}
