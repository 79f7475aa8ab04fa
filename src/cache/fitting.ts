/** Is a loaded value fit to be stored? Either way its callers get it (CONTRACT 2, 4, 6). */
import type { Encoded, Sealed } from '../core/envelope.ts'
import type { StaleproofError } from '../core/errors.ts'
import type { Life } from '../core/life.ts'
import type { StoreResult } from '../core/outcome.ts'
import type { Ttl } from '../core/ttl-policy.ts'

/** Fit: frozen, and with everything that its slot says about it but the payload. */
export interface Fit {
  readonly kind: 'fit'
  readonly value: unknown
  /** Undefined: absent, or so large that it is encoded later. */
  readonly encoded: Encoded | undefined
  readonly isAbsent: boolean
  readonly order: string
  readonly tags: readonly string[]
  /** What its life follows from; undefined: nobody asks. */
  readonly ttl: Ttl | undefined
  readonly life: Life
}

/** What is left to be done for a fit. */
export interface Packed {
  readonly kind: 'packed'
  readonly sealed: Sealed
  /** Encoded, before it was sealed. */
  readonly rawBytes: number
}

/** Returned to its callers as the source gave it, and kept nowhere. */
export interface Unfit {
  readonly kind: 'unfit'
  readonly value: unknown
  readonly result: StoreResult
  readonly error: StaleproofError
}

/** "Does not exist", in a family that doesn't remember it. */
export interface Forgotten {
  readonly kind: 'forgotten'
  readonly value: undefined
  readonly result: StoreResult
}

export type Fitting = Fit | Unfit | Forgotten
