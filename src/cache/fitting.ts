/** Is a loaded value fit to be stored? Either way its callers get it (CONTRACT 2, 4, 6). */
import type { StaleproofError } from '../core/errors.ts'
import type { StoreResult } from '../core/outcome.ts'

/** Fit: frozen, encoded, and with everything that its slot says about it. */
export interface Fit {
  readonly kind: 'fit'
  readonly value: unknown
  readonly payload: string
  readonly isAbsent: boolean
  readonly order: string
  readonly tags: readonly string[]
  /** Jitter subtracted. */
  readonly lifeMs: number
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
