/**
 * The time that one call may spend waiting for Redis, all its steps together
 * (PROTOCOL 3.2, Budget). What is not answered in time is abandoned, not cancelled.
 */
import type { Clock } from '../core/contracts/clock.ts'

export class Budget {
  readonly #clock: Clock
  #leftMs: number

  constructor(clock: Clock, totalMs: number) {
    this.#clock = clock
    this.#leftMs = totalMs
  }

  get isSpent(): boolean {
    return this.#leftMs <= 0
  }

  /** The step's result, or undefined when the time was up first; rejects as the step does. */
  wait<T>(step: Promise<T>): Promise<T | undefined> {
    if (this.isSpent) {
      step.catch(() => {})
      return Promise.resolve(undefined)
    }
    const startedMs = this.#clock.now()
    return new Promise((resolve, reject) => {
      const timer = this.#clock.timer(this.#leftMs, () => {
        this.#leftMs = 0
        resolve(undefined)
      })
      const spend = () => {
        timer.cancel()
        this.#leftMs -= this.#clock.now() - startedMs
      }
      step.then(
        (result) => {
          spend()
          resolve(result)
        },
        (error) => {
          spend()
          reject(error)
        },
      )
    })
  }
}
