/** What was learned of accesses, as it outlives a process. */

/** How often a key was read, decayed until the snapshot. */
export interface LearnedCount {
  readonly family: string
  readonly id: unknown
  readonly count: number
}
/** Plain data: a cache, a file or a message carries it. */
export interface LearnedCounts {
  /** Milliseconds since 1970. */
  readonly takenMs: number
  readonly counts: readonly LearnedCount[]
}
