/** Locks by name, each with a fence for what it protects. */

export interface LockRequest {
  readonly name: string
  readonly token: string
  readonly ttlMs: number
}

export type LockReply =
  /** `fence` is higher than that of every earlier holder. */
  | { readonly kind: 'granted'; readonly fence: number }
  | { readonly kind: 'taken'; readonly leftMs: number }
