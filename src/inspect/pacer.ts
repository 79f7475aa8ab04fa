/** So many commands a second and no more: each waits until those before it are paid for. */
import type { Clock } from '../core/contracts/clock.ts'

/** A burst so short does not wait: small questions are answered at once. */
const burstMs = 50

export class Pacer {
  readonly #clock: Clock
  readonly #msPerCommand: number
  #paidUntilMs = 0

  constructor(clock: Clock, commandsPerSecond: number) {
    this.#clock = clock
    this.#msPerCommand = 1_000 / commandsPerSecond
  }

  /** Resolves when that many commands may be sent. */
  async take(count: number): Promise<void> {
    const nowMs = this.#clock.now()
    const startMs = Math.max(nowMs - burstMs, this.#paidUntilMs)
    this.#paidUntilMs = startMs + count * this.#msPerCommand
    const waitMs = this.#paidUntilMs - nowMs
    if (waitMs > 0) await pause(this.#clock, waitMs)
  }
}

/** Resolves after that time. */
export function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => clock.timer(delayMs, resolve))
}
