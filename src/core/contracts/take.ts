/** Tokens of buckets by name, for rate limits (see `core/token-bucket.ts`). */
import type { Take } from '../token-bucket.ts'

export interface TakeAsk extends Take {
  /** Of the bucket, encoded. */
  readonly name: string
}

/** Asks in one script call: a fifth of a millisecond of the server. */
export const takeAsksMax = 100
