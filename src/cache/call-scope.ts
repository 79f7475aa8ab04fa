/** What every `get` of a source inherits from the call that runs it (CONTRACT 14). */
import type { Priority } from '../resilience/index.ts'
import type { CallSpan } from './call-span.ts'
import { type KeyFlight, mostUrgent } from './flight-of.ts'
import { linksWith, type Scope } from './load-scope.ts'

export class CallScope implements Scope {
  readonly chain: readonly string[]
  readonly beside: readonly string[]
  readonly #flights: readonly KeyFlight[]
  readonly #span: CallSpan

  constructor(flights: readonly KeyFlight[], span: CallSpan) {
    const keys = flights.map((flight) => flight.key)
    const links = linksWith(flights[0]?.outer, keys)
    this.chain = links.chain
    this.beside = links.beside
    this.#flights = flights
    this.#span = span
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
