/**
 * An entry: a value held in memory, with what is needed to judge it. The memory tier keeps
 * its parts in columns; it is an object only where it is put, and where a read that memory
 * could not answer looks at it.
 */
export interface Entry {
  readonly partition: number
  /** Frozen, or undefined where the source said that there is none. */
  readonly value: unknown
  /** The fill it came from; equal fids mean equal values. */
  readonly fid: string
  /** Value of the group clock when its load began (c0). */
  readonly clock: number
  /** Encoded tags, the implicit tag of the family among them. */
  readonly tags: readonly string[]
  /** Order of the value as 19 digits, or ''. */
  readonly order: string
  /** On the monotonic clock of this process. */
  readonly bornMs: number
  /** A hit needs no closer look until then. Held in whole ms from its birth, rounded down. */
  readonly untilMs: number
  /** Until then it is kept, to be served as stale where the family allows it; ≥ `untilMs`. */
  readonly staleUntilMs: number
  /** Generation of the partition in which it was proven; an older one makes it a suspect. */
  readonly generation: number
}
