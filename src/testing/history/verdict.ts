/** What the checker says of a history. */
import type { FinalTier, ReadTier } from './record.ts'

/**
 * `bound`: older than memory may be, or than Redis may be at all. `receipt`: behind the
 * receipt that it carried. `barrier`: behind one that had waited for everybody. `own write`: a
 * process behind what it had invalidated. `from nowhere`: newer than anything begun. `final`: not
 * what the database held when everything was over.
 */
export type Rule = 'bound' | 'receipt' | 'barrier' | 'own write' | 'from nowhere' | 'final'

export interface Violation {
  readonly rule: Rule
  /** Of the record, counted from 0 in the order in which records were checked. */
  readonly position: number
  readonly process: string
  readonly key: string
  readonly tier: ReadTier | FinalTier
  readonly version: number
  /** The lowest version allowed; the highest for `from nowhere`, the only one for `final`. */
  readonly expected: number
  readonly invokedMs: number
  readonly returnedMs: number
}

/** Answers of a tier that were older than an invalidation that had resolved. */
export interface StaleServes {
  readonly tier: ReadTier
  /** As the promise allows. */
  readonly within: number
  readonly beyond: number
  /** How long after the invalidation had resolved they were asked for, in milliseconds. */
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

export interface HistoryVerdict {
  /** At most `violationsMax`. */
  readonly violations: readonly Violation[]
  readonly violationCount: number
  readonly reads: Readonly<Record<ReadTier, number>>
  readonly writes: number
  readonly invalidations: number
  readonly finals: number
  readonly stale: readonly StaleServes[]
}

/** Listed; more are only counted. */
export const violationsMax = 100
