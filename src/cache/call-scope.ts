/** What every `get` of a source inherits from the call that runs it (CONTRACT 14). */
import type { Priority } from '../resilience/index.ts'
import type { CallSpan } from './call-span.ts'
import { type KeyFlight, mostUrgent } from './flight-of.ts'
import { linksWith, type Scope } from './load-scope.ts'
import type { SourceGuard } from './source-guard.ts'

export class CallScope implements Scope {
  readonly chain: readonly string[]
  readonly beside: readonly string[]
  isOver = false
  readonly #flights: readonly KeyFlight[]
  readonly #span: CallSpan
  readonly #outer: Scope | undefined
  readonly #guard: SourceGuard

  constructor(flights: readonly KeyFlight[], span: CallSpan, guard: SourceGuard) {
    const keys = flights.map((flight) => flight.key)
    this.#outer = flights[0]?.outer
    this.#guard = guard
    const links = linksWith(this.#outer, keys)
    this.chain = links.chain
    this.beside = links.beside
    this.#flights = flights
    this.#span = span
  }

  holds(guard: SourceGuard): boolean {
    return this.#guard === guard || this.#outer?.holds(guard) === true
  }

  get deadlineMs(): number {
    return this.#span.deadlineMs
  }

  /** Somebody more urgent may have joined. */
  get priority(): Priority {
    return mostUrgent(this.#flights)
  }

  get signal(): AbortSignal {
    return this.#span.signal
  }
}
