/** A place on a flight: what becomes of the flight is the answer to whoever has taken it. */
import type { FlightMode, Landed, Rider } from '../coherence/index.ts'
import type { Entry } from '../core/entry.ts'
import type { KeyFlight } from './flight-of.ts'

/**
 * Whose flight a call took: its own, another's that had asked nobody yet and answers both
 * alike, or another's under way, which like memory may lag behind by Δ.
 */
export type Sharing = 'own' | 'gathering' | 'flying'

/** A class, as is all that outlives a tick: docs/architecture.md, "Decided here". */
export class Flown {
  readonly kind = 'flown' as const
  readonly key: string
  readonly landed: Landed
  readonly sharing: Sharing

  constructor(key: string, landed: Landed, sharing: Sharing) {
    this.key = key
    this.landed = landed
    this.sharing = sharing
  }
}

/** How a read was answered. */
export type Answer =
  | { readonly kind: 'hit'; readonly key: string; readonly entry: Entry }
  | Flown
  | {
      readonly kind: 'failed'
      readonly key: string
      readonly error: unknown
      /** It is the error of the source itself, whatever its code says. */
      readonly isOfSource: boolean
    }

/** Is told the answer for one of the ids of a call, by its place among them. */
export type Tell = (answer: Answer, index: number) => void

/** The flight that a call took. A class for the same reason. */
export class Ride {
  readonly flight: KeyFlight
  readonly sharing: Sharing
  /** How far its caller must read: that may be further than the flight does. */
  readonly mode: FlightMode

  constructor(flight: KeyFlight, sharing: Sharing, mode: FlightMode) {
    this.flight = flight
    this.sharing = sharing
    this.mode = mode
  }
}

export class Seat implements Rider {
  readonly #ride: Ride
  readonly #tell: Tell
  readonly #index: number

  constructor(ride: Ride, tell: Tell, index: number) {
    this.#ride = ride
    this.#tell = tell
    this.#index = index
  }

  landed(landed: Landed): void {
    const { flight, sharing } = this.#ride
    this.#tell(new Flown(flight.key, landed, sharing), this.#index)
  }

  failed(error: unknown): void {
    const { flight } = this.#ride
    const isOfSource = flight.isErrorOfSource(error)
    this.#tell({ kind: 'failed', key: flight.key, error, isOfSource }, this.#index)
  }
}
