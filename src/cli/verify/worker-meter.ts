/** Counts what a worker's cache tells its observers. */
import { Histogram } from '../../base/histogram.ts'
import type { CacheEvent, Observer } from '../../core/outcome.ts'
import { hostMs } from '../../system.ts'
import type { WorkerPulse } from './worker-calls.ts'
import { lagOf } from './writes.ts'

export class WorkerMeter implements Observer {
  readonly #process: string
  readonly #lag = new Histogram()
  #invalidations = 0
  #pending = 0
  #untrustedMs = 0
  /** Since when memory is not trusted. */
  #untrustedSinceMs: number | undefined = hostMs()

  constructor(process: string) {
    this.#process = process
  }

  notify(event: CacheEvent): void {
    if (event.kind === 'trust') this.#trust(event.held)
    if (event.kind !== 'invalidate') return
    if (event.via === 'call') {
      this.#invalidations++
      if (event.pending.length > 0) this.#pending++
    }
    if (event.via !== 'message' || event.origin === this.#process) return
    const lagMs = lagOf(event.reason)
    if (lagMs !== undefined) this.#lag.add(lagMs)
  }

  read(): Pick<WorkerPulse, 'invalidations' | 'pending' | 'untrustedMs' | 'lag'> {
    const sinceMs = this.#untrustedSinceMs
    const runningMs = sinceMs === undefined ? 0 : hostMs() - sinceMs
    return {
      invalidations: this.#invalidations,
      pending: this.#pending,
      untrustedMs: this.#untrustedMs + runningMs,
      lag: this.#lag.snapshot(),
    }
  }

  #trust(isHeld: boolean): void {
    const nowMs = hostMs()
    if (this.#untrustedSinceMs !== undefined) this.#untrustedMs += nowMs - this.#untrustedSinceMs
    this.#untrustedSinceMs = isHeld ? undefined : nowMs
  }
}
