/**
 * How much of the time some synchronous work takes: its share of one core, read from the clock
 * and not from the processor, so that whatever interrupts it counts as well.
 */
import type { Clock } from '../core/contracts/clock.ts'

export class BusyMeter {
  readonly #clock: Clock
  readonly #sinceMs: number
  #busyMs = 0

  constructor(clock: Clock) {
    this.#clock = clock
    this.#sinceMs = clock.now()
  }

  measure<T>(work: () => T): T {
    const startedMs = this.#clock.now()
    try {
      return work()
    } finally {
      this.workedSince(startedMs)
    }
  }

  /** For what is done so often that a function for it would weigh. */
  workedSince(startedMs: number): void {
    this.#busyMs += this.#clock.now() - startedMs
  }

  /** Since it was made; 0.01 is one percent of a core. */
  get share(): number {
    const elapsedMs = this.#clock.now() - this.#sinceMs
    return elapsedMs > 0 ? this.#busyMs / elapsedMs : 0
  }
}
