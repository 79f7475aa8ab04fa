/**
 * The breaker of the way to Redis, for which callers never wait: it opens after a few
 * failures in a row, and while it is open only beats in the background try the server
 * (CONTRACT 12). Sources have another one (`source-breaker.ts`), whose trials are callers:
 * nobody else asks a source.
 *
 *   closed ──so many failures in a row──▶ open ──a beat is answered──▶ closed
 */
import type { Clock } from '../core/contracts/clock.ts'
import type { BreakerStats } from '../core/stats.ts'
import { BreakerRecord } from './breaker-record.ts'

export interface BreakerParts {
  readonly clock: Clock
  readonly onChange: (isOpen: boolean) => void
}

export class Breaker {
  readonly #parts: BreakerParts
  readonly #record = new BreakerRecord()
  #failuresMax: number
  #failures = 0
  #isOpen = false

  constructor(failuresMax: number, parts: BreakerParts) {
    this.#failuresMax = failuresMax
    this.#parts = parts
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** From the next failure on. */
  configure(failuresMax: number): void {
    this.#failuresMax = failuresMax
  }

  failed(): void {
    this.#record.failed()
    this.#failures++
    if (this.#failures >= this.#failuresMax) this.#turn(true)
  }

  succeeded(): void {
    this.#failures = 0
    this.#turn(false)
  }

  /** A step was not taken because of it. */
  refused(): void {
    this.#record.rejected()
  }

  /** A beat is sent, which closes it if it is answered in time. */
  tried(): void {
    if (this.#isOpen) this.#record.tried()
  }

  /** How long an answer took: of beats, which say it without a cost for callers. */
  measured(ms: number): void {
    this.#record.called(ms, false)
  }

  stats(): BreakerStats {
    return this.#record.snapshot(this.#isOpen ? 'open' : 'closed')
  }

  #turn(isOpen: boolean): void {
    if (this.#isOpen === isOpen) return
    const nowMs = this.#parts.clock.now()
    this.#isOpen = isOpen
    if (isOpen) this.#record.opened(nowMs)
    else this.#record.closed(nowMs)
    this.#parts.onChange(isOpen)
  }
}
