/** Time that passes only by being waited for, and then at once. */
import type { Clock, Timer } from '../core/contracts/clock.ts'

export class InstantClock implements Clock {
  #nowMs = 0

  pass(ms: number): void {
    this.#nowMs += ms
  }

  now(): number {
    return this.#nowMs
  }

  wallMs(): number {
    return this.#nowMs
  }

  timer(delayMs: number, task: () => void): Timer {
    this.pass(delayMs)
    task()
    return { cancel: () => {} }
  }

  endOfTick(task: () => void): void {
    task()
  }
}
