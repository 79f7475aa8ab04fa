/**
 * The time that one call may spend waiting for Redis, all its steps together
 * (PROTOCOL 3.2, Budget); steps that wait side by side spend it once. What is not
 * answered in time is abandoned, not cancelled.
 */
import type { Clock } from '../core/contracts/clock.ts'

/** A timer that fires so late was held up by this process itself. */
const ownLagMs = 20
/** Most that is given back for it, so that a wait stays bounded. */
const lagCreditMs = 1_000

export class Budget {
  readonly #clock: Clock
  readonly #totalMs: number
  #leftMs: number
  #waiting = 0
  #waitingSinceMs = 0

  constructor(clock: Clock, totalMs: number) {
    this.#clock = clock
    this.#totalMs = totalMs
    this.#leftMs = totalMs
  }

  /** Another one with as much left. */
  fork(): Budget {
    const fork = new Budget(this.#clock, this.#totalMs)
    fork.#leftMs = this.#remainingMs()
    return fork
  }

  get isSpent(): boolean {
    return this.#remainingMs() <= 0
  }

  /**
   * Waits for a step that has a budget of its own, as long as the whole of this one: while
   * nothing of this one is spent, no second clock is needed.
   */
  ride<T>(step: Promise<T>): Promise<T | undefined> {
    return this.#isWhole && this.#waiting === 0 ? this.#charge(step) : this.wait(step)
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
      const giveUp = () => {
        end()
        resolve(undefined)
      }
      const startedMs = this.#clock.now()
      let timer = this.#clock.timer(remainingMs, () => {
        const lateMs = this.#clock.now() - startedMs - remainingMs
        if (lateMs < ownLagMs) giveUp()
        // Our own work kept the answer from being read: it is given that time back.
        else timer = this.#clock.timer(Math.min(lateMs, lagCreditMs), giveUp)
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

  get #isWhole(): boolean {
    return this.#leftMs === this.#totalMs
  }

  async #charge<T>(step: Promise<T>): Promise<T> {
    this.#waitingSinceMs = this.#clock.now()
    this.#waiting++
    try {
      return await step
    } finally {
      this.#waiting--
      if (this.#waiting === 0) this.#leftMs -= this.#clock.now() - this.#waitingSinceMs
    }
  }

  #remainingMs(): number {
    const spentMs = this.#waiting === 0 ? 0 : this.#clock.now() - this.#waitingSinceMs
    return this.#leftMs - spentMs
  }
}
