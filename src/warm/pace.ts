/**
 * At most so many loads a second, by the rule of the token bucket. Whoever asks waits in line;
 * tokens that were not needed are given back, so that what is there already costs no time.
 */
import type { Clock } from '../core/contracts/clock.ts'
import { type Quota, takeFrom } from '../core/token-bucket.ts'
import { Limiter } from '../resilience/index.ts'
import { pause } from './pause.ts'

const secondMicros = 1_000_000

export class Pace {
  /** Tokens of a full bucket: as many may be taken at once. */
  readonly most: number
  readonly #clock: Clock
  readonly #quota: Quota
  /** Only the first in line looks for tokens, so that nobody is overtaken for ever. */
  readonly #line = new Limiter(1)
  #fullMicros: number | undefined
  #nap = new AbortController()

  constructor(clock: Clock, loadsPerSecond: number) {
    this.#clock = clock
    this.most = Math.max(1, Math.floor(loadsPerSecond))
    const intervalMicros = Math.ceil(secondMicros / loadsPerSecond)
    this.#quota = { intervalMicros, capacityMicros: intervalMicros * this.most }
  }

  /** False: the signal fired first. */
  take(count: number, signal: AbortSignal): Promise<boolean> {
    return this.#line.run(() => this.#take(count, signal))
  }

  giveBack(count: number): void {
    if (this.#fullMicros === undefined || count === 0) return
    this.#fullMicros -= count * this.#quota.intervalMicros
    this.#nap.abort()
  }

  async #take(count: number, signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      const ask = { ...this.#quota, count, waitMicros: 0 }
      const { fullMicros, reply } = takeFrom(this.#fullMicros, ask, this.#nowMicros)
      this.#fullMicros = fullMicros
      if (reply.kind === 'granted') return true
      await this.#rest(reply.retryAfterMs, signal)
    }
    return false
  }

  /** Ends early when tokens are given back. */
  async #rest(ms: number, signal: AbortSignal): Promise<void> {
    const nap = new AbortController()
    const wake = (): void => nap.abort()
    this.#nap = nap
    signal.addEventListener('abort', wake)
    await pause(this.#clock, ms, nap.signal)
    signal.removeEventListener('abort', wake)
  }

  get #nowMicros(): number {
    return Math.round(this.#clock.now() * 1_000)
  }
}
