/**
 * The time that one call may spend waiting for Redis, all its steps together
 * (PROTOCOL 3.2, Budget); steps that wait side by side spend it once. What is not
 * answered in time is abandoned, not cancelled.
 */
import type { Clock } from '../core/contracts/clock.ts'

export class Budget {
  readonly #clock: Clock
  #leftMs: number
  #waiting = 0
  #waitingSinceMs = 0

  constructor(clock: Clock, totalMs: number) {
    this.#clock = clock
    this.#leftMs = totalMs
  }

  get isSpent(): boolean {
    return this.#remainingMs() <= 0
  }

  /** The step's result, or undefined when the time was up first; rejects as the step does. */
  wait<T>(step: Promise<T>): Promise<T | undefined> {
    const remainingMs = this.#remainingMs()
    if (remainingMs <= 0) {
      // Whoever started it is told nothing; its failure is nobody's any more.
      step.catch(() => {})
      return Promise.resolve(undefined)
    }
    if (this.#waiting === 0) this.#waitingSinceMs = this.#clock.now()
    this.#waiting++
    return new Promise((resolve, reject) => {
      let isOver = false
      const end = () => {
        if (isOver) return
        isOver = true
        timer.cancel()
        this.#waiting--
        if (this.#waiting === 0) this.#leftMs -= this.#clock.now() - this.#waitingSinceMs
      }
      const timer = this.#clock.timer(remainingMs, () => {
        end()
        resolve(undefined)
      })
      step.then(
        (result) => {
          end()
          resolve(result)
        },
        (error) => {
          end()
          reject(error)
        },
      )
    })
  }

  #remainingMs(): number {
    const spentMs = this.#waiting === 0 ? 0 : this.#clock.now() - this.#waitingSinceMs
    return this.#leftMs - spentMs
  }
}
