/** What is asked for during a tick is gathered in batches, which leave together at its end. */
import type { Clock } from '../core/contracts/clock.ts'

/** `W`: what a batch must be able to take. Named once, since asking costs no closure then. */
export interface BatchKind<B, W> {
  readonly takes: (batch: B, wanted: W) => boolean
  readonly make: (wanted: W) => B
  readonly send: (batch: B) => void
}

export class TickBatches<B, W> {
  readonly #clock: Clock
  readonly #kind: BatchKind<B, W>
  /** Of this tick; nearly always one for each partition. */
  #open: B[] = []

  constructor(clock: Clock, kind: BatchKind<B, W>) {
    this.#clock = clock
    this.#kind = kind
  }

  /** The first that takes it, or else a new one. */
  of(wanted: W): B {
    for (const batch of this.#open) if (this.#kind.takes(batch, wanted)) return batch
    return this.#begin(wanted)
  }

  #begin(wanted: W): B {
    const batch = this.#kind.make(wanted)
    this.#open.push(batch)
    this.#clock.endOfTick(() => {
      this.#open = this.#open.filter((other) => other !== batch)
      this.#kind.send(batch)
    })
    return batch
  }
}
