/**
 * The protocol without one of its elements: edits of the source, applied to a copy. Each must
 * make the simulation find a violation, or nobody would notice if the element broke. An edit
 * whose text is not found exactly once in its file is an error: the code has moved on, and the
 * edit must follow it.
 */
import type { FaultKind } from 'staleproof/testing'

export interface Edit {
  /** Below `src`. */
  readonly file: string
  readonly from: string
  readonly to: string
}

export interface Ablation {
  readonly name: string
  /** What is lost with it. */
  readonly loses: string
  readonly edits: readonly Edit[]
  /** Where a violation was last found; the search begins there. */
  readonly kind: FaultKind
  readonly seed: number
}
