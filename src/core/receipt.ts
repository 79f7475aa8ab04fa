/** What an invalidation returns, and the token by which later reads can prove to see it. */

/** What an invalidation did. */
export interface Receipt {
  /**
   * What was invalidated: key texts; for tags, families and everything `tag:…`, `family:…`
   * and `*`; for a pattern the pattern itself.
   */
  readonly keys: readonly string[]
  /** Processes that the message was handed to, this one included. */
  readonly reached: number
  /** Those of `keys` that Redis could not be told about yet. */
  readonly pending: readonly string[]
  /** How long it took, in milliseconds. */
  readonly ms: number
  /** Fits in a header or a cookie; give it to `get` as `after`. */
  readonly token: string
  /** With `barrier: true`. */
  readonly barrier?: BarrierReceipt
  /** With `durability` configured: enough replicas have it. */
  readonly durable?: boolean
}

/** After it no process anywhere serves the old value. */
export interface BarrierReceipt {
  /** How long was waited, in milliseconds. */
  readonly ms: number
  /** Processes that were registered and asked. */
  readonly waitedFor: readonly string[]
  /** Those of them that did not answer: their trust has run out meanwhile. */
  readonly silent: readonly string[]
}
