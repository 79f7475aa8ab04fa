/**
 * A key that is read often, as a bounded sketch estimates it. What was read ten minutes ago
 * counts half.
 */
export interface UsedKey {
  readonly family: string
  /** The key text; of a sensitive family its ids are replaced by `*`. */
  readonly key: string
  /** Reads that were told, at least `reads - error` and at most `reads`. */
  readonly reads: number
  readonly error: number
  /** Its part of all reads of the process, from 0 to 1. */
  readonly share: number
}
