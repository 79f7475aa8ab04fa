/** A key that is read often, as a bounded sketch estimates it. */
export interface UsedKey {
  readonly family: string
  /** The key text; of a sensitive family its ids are replaced by `*`. */
  readonly key: string
  /** Reads, at least `reads - error` and at most `reads`. */
  readonly reads: number
  readonly error: number
}
