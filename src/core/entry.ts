/**
 * An entry: a value held in memory, with what is needed to judge it on every hit.
 * Plain numbers only, compared in `coherence/freshness.ts`.
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
  untilMs: number
  /** Estimated bytes in memory, the key and bookkeeping included. */
  readonly sizeBytes: number
  /** Generation of the partition in which it was proven; an older one makes it a suspect. */
  generation: number
}
