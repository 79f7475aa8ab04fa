/** What an invalidation returns, and the token by which later reads can prove to see it. */

export interface Receipt {
  /** Key texts that were invalidated. */
  readonly keys: readonly string[]
  /** Processes that the message was handed to, this one included. */
  readonly reached: number
  /** Those of `keys` that Redis could not be told about yet. */
  readonly pending: readonly string[]
  /** How long it took, in milliseconds. */
  readonly ms: number
  /** Fits in a header or a cookie; give it to `get` as `after`. */
  readonly token: string
}
