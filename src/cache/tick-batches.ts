/** What is asked for during a tick is gathered in batches, which leave together at its end. */
import type { Clock } from '../core/contracts/clock.ts'

export class TickBatches<B> {
  readonly #clock: Clock
  readonly #send: (batch: B) => void
  /** Of this tick; nearly always one for each partition. */
  #open: B[] = []

  constructor(clock: Clock, send: (batch: B) => void) {
    this.#clock = clock
    this.#send = send
  }

  /** The first that takes it, or else a new one. */
  of(takes: (batch: B) => boolean, make: () => B): B {
    const current = this.#open.find(takes)
    if (current !== undefined) return current
    const batch = make()
    this.#open.push(batch)
    this.#clock.endOfTick(() => {
      this.#open = this.#open.filter((other) => other !== batch)
      this.#send(batch)
    })
    return batch
  }
}
