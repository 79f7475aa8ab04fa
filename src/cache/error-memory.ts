/**
 * Remembers what a source threw, for families that declare `errorTtl`: the flight that failed
 * stays where later callers find it, and they are given the same error. So everything that
 * keeps a caller from joining a load ends it too: an invalidation of the key or of a group,
 * lost trust, a strict read. Nothing else has to know that errors are remembered.
 */
import type { Timer } from '../core/contracts/clock.ts'
import type { Engine } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import type { KeyFlight } from './flight-of.ts'
import type { Lander } from './lander.ts'

/** Of all families together; beyond it an error is told to its callers, and not remembered. */
export const errorsMax = 1_024

export interface ErrorMemoryParts {
  readonly engine: Engine
  readonly lander: Lander
  /** Fires when the cache is closed. */
  readonly closing: AbortSignal
}

export class ErrorMemory {
  readonly #parts: ErrorMemoryParts
  readonly #timers = new Map<KeyFlight, Timer>()

  constructor(parts: ErrorMemoryParts) {
    this.#parts = parts
    parts.closing.addEventListener('abort', () => {
      for (const flight of this.#timers.keys()) this.#forget(flight)
    })
  }

  get count(): number {
    return this.#timers.size
  }

  /** Tells the callers of a load that it failed, and later ones for as long as is declared. */
  fail(family: FamilyRuntime, flight: KeyFlight, error: unknown): void {
    const { engine, lander, closing } = this.#parts
    const { errorTtlMs } = family.rules
    // What ends a load otherwise (time, callers, the end of the cache) says nothing of the next.
    const isKept = errorTtlMs > 0 && flight.isErrorOfSource(error) && !closing.aborted
    if (!isKept || this.count >= errorsMax || flight.outer !== undefined) {
      lander.fail(flight, error)
      return
    }
    lander.reject(flight, error)
    flight.isLoading = false
    const forget = () => this.#forget(flight)
    this.#timers.set(flight, engine.clock.timer(errorTtlMs, forget, 'background'))
  }

  #forget(flight: KeyFlight): void {
    this.#timers.get(flight)?.cancel()
    this.#timers.delete(flight)
    this.#parts.lander.end(flight)
  }
}
