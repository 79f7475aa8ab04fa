/** So many commands a second and no more: each waits until those before it are paid for. */
import type { Clock } from '../core/contracts/clock.ts'
import { StaleproofError } from '../core/errors.ts'

/** A burst so short does not wait: small questions are answered at once. */
const burstMs = 50

export interface Pace {
  readonly commandsPerSecond: number
  /** Who would wait longer for those before him is refused: that bounds who waits. */
  readonly waitMsMax: number
}

export class Pacer {
  readonly #clock: Clock
  readonly #msPerCommand: number
  readonly #waitMsMax: number
  #paidUntilMs = 0

  constructor(clock: Clock, { commandsPerSecond, waitMsMax }: Pace) {
    this.#clock = clock
    this.#msPerCommand = 1_000 / commandsPerSecond
    this.#waitMsMax = waitMsMax
  }

  /** Resolves when that many commands may be sent; rejects with `SP_RATE_LIMITED`. */
  async take(count: number): Promise<void> {
    const nowMs = this.#clock.now()
    const backlogMs = this.#paidUntilMs - nowMs
    if (backlogMs > this.#waitMsMax) throw this.#refusal(backlogMs)
    const startMs = Math.max(nowMs - burstMs, this.#paidUntilMs)
    this.#paidUntilMs = startMs + count * this.#msPerCommand
    const waitMs = this.#paidUntilMs - nowMs
    if (waitMs > 0) await pause(this.#clock, waitMs)
  }

  #refusal(backlogMs: number): StaleproofError {
    const retryAfterMs = Math.ceil(backlogMs)
    const message = `commands for ${retryAfterMs} ms wait already for their turn`
    const expected = `at most ${this.#waitMsMax} ms`
    return new StaleproofError('SP_RATE_LIMITED', message, { expected, retryAfterMs })
  }
}

/** Resolves after that time. */
export function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => clock.timer(delayMs, resolve))
}
