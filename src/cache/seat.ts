/** A place on a flight: what becomes of the flight is the answer to whoever has taken it. */
import type { FlightMode, Landed, Rider } from '../coherence/index.ts'
import type { Entry } from '../core/entry.ts'
import type { KeyFlight } from './flight-of.ts'

/**
 * Whose flight a call took: its own, another's that had asked nobody yet and answers both
 * alike, or another's under way, which like memory may lag behind by Δ.
 */
export type Sharing = 'own' | 'gathering' | 'flying'

/** How a read was answered. */
export type Answer =
  | { readonly kind: 'hit'; readonly key: string; readonly entry: Entry }
  | {
      readonly kind: 'flown'
      readonly key: string
      readonly landed: Landed
      readonly sharing: Sharing
    }
  | {
      readonly kind: 'failed'
      readonly key: string
      readonly error: unknown
      /** It is the error of the source itself, whatever its code says. */
      readonly isOfSource: boolean
    }

/** Is told the answer for one of the ids of a call, by its place among them. */
export type Tell = (answer: Answer, index: number) => void

/** The flight that a call took. */
export interface Ride {
  readonly flight: KeyFlight
  readonly sharing: Sharing
  /** How far its caller must read: that may be further than the flight does. */
  readonly mode: FlightMode
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
    this.#tell({ kind: 'flown', key: flight.key, landed, sharing }, this.#index)
  }

  failed(error: unknown): void {
    const { flight } = this.#ride
    const isOfSource = flight.isErrorOfSource(error)
    this.#tell({ kind: 'failed', key: flight.key, error, isOfSource }, this.#index)
  }
}
