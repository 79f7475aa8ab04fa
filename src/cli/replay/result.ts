/** What a replay found: the document of `--json`, from which the text is made as well. */
import type { TraceCurve } from './curve.ts'
import type { Policy } from './policies.ts'
import type { Prediction } from './predict.ts'

/** Rises when a field changes its meaning or goes. */
export const schemaVersion = 1

export interface ReplayResult {
  readonly schemaVersion: typeof schemaVersion
  readonly results: readonly Cell[]
  /** With `--curve` only. */
  readonly curves?: readonly TraceCurve[]
  /** With `--predict` only. */
  readonly predictions?: readonly Prediction[]
}

/** One trace, replayed against one policy of one size. */
export interface Cell {
  readonly trace: string
  readonly policy: Policy
  readonly fraction: number
  /** In entries. */
  readonly capacity: number
  /** From 0 to 1. */
  readonly hitRatio: number
}

const capacityMin = 16

/** At least a few: a cache of one entry says nothing about a policy. */
export function capacityOf(fraction: number, keyCount: number): number {
  return Math.max(capacityMin, Math.round(fraction * keyCount))
}
