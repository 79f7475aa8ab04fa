/**
 * What `explain` says of a key: where its value is, whether it would be served, and why not.
 * Plain data for people and tools; spans are milliseconds from now, values are never in it.
 */
import type { Outcome } from './outcome.ts'
import type { BreakerState, PendingInvalidation } from './stats.ts'
import type { Ttl } from './ttl-policy.ts'

/** Of one key, in one process, at one time. */
export interface Explanation {
  readonly key: string
  readonly family: string
  readonly partition: number
  /** Milliseconds since 1970 by this machine. */
  readonly atMs: number
  /**
   * Where a `get` of this process would be answered now. `stale`: with a value past its TTL, from
   * memory or Redis, at once.
   */
  readonly next: 'memory' | 'redis' | 'stale' | 'source'
  /** Why there, in a sentence. */
  readonly nextBecause: string
  readonly redis: RedisExplanation
  readonly memory: MemoryExplanation
  readonly trust: TrustExplanation
  readonly policy: PolicyExplanation
  /** What Redis could not be told yet, of this key and its groups. */
  readonly pending: readonly PendingInvalidation[]
  /** The last read of this key that neither memory nor Redis answered, as far as remembered. */
  readonly lastMiss: LastMiss | undefined
  /** A load of it is under way in this process. */
  readonly isLoading: boolean
  /** Of the breakers between this process and a value. */
  readonly breakers: Readonly<Record<string, BreakerState>>
}

/** What stands in the slot, or why it could not be read. */
export type RedisExplanation =
  | { readonly isRead: false; readonly because: string }
  | {
      readonly isRead: true
      /** Undefined: the partition has no record of groups, so nothing in it is valid. */
      readonly epoch: string | undefined
      /** Values with an older clock are void. */
      readonly floor: number
      readonly slot: SlotExplanation
    }

/** A slot by its kind. */
export type SlotExplanation =
  | { readonly kind: 'absent' | 'unknownWire' | 'damaged' }
  | ValueExplanation
  | {
      readonly kind: 'lease'
      readonly schema: string
      readonly minimum: string
      readonly leftMs: number
      readonly isStampCurrent: boolean
    }
  | {
      readonly kind: 'quarantine'
      readonly writers: number
      /** Until the last of them runs out, if nobody renews it. */
      readonly leftMs: number
    }
  | { readonly kind: 'floor'; readonly order: string }

/** The header of a value. */
export interface ValueExplanation {
  readonly kind: 'value'
  readonly fid: string
  readonly order: string
  readonly schema: string
  readonly declaredSchema: string
  readonly ageMs: number
  readonly softLeftMs: number
  readonly lifeLeftMs: number
  readonly loadMs: number
  readonly codec: string
  /** The source said that there is none. */
  readonly isAbsent: boolean
  readonly clock: number
  readonly epoch: string
  readonly stamp: string
  readonly tags: readonly TagExplanation[]
  readonly isValid: boolean
  /** Empty where it is valid. */
  readonly voidBecause: readonly VoidReason[]
}

export interface TagExplanation {
  readonly tag: string
  /** Of its last invalidation; 0: never. */
  readonly clock: number
  /** It was invalidated after the value was loaded. */
  readonly isNewer: boolean
}

/** Why a value in a slot is not served. */
export type VoidReason =
  | 'otherIncarnation'
  | 'otherEpoch'
  | 'belowFloor'
  | 'bornInFuture'
  | 'lifeOver'
  | 'otherVersion'
  | 'tagInvalidated'

/** What this process holds itself. */
export type MemoryExplanation =
  | { readonly isHeld: false; readonly because: 'off' | 'absent' }
  | {
      readonly isHeld: true
      readonly fid: string
      readonly order: string
      readonly clock: number
      readonly tags: readonly string[]
      readonly ageMs: number
      readonly freshLeftMs: number
      readonly staleLeftMs: number
      /** Undefined: it is served. */
      readonly notServedBecause: UnservedReason | undefined
      /** Of families that are refreshed or live adaptively. */
      readonly ttl: Ttl | undefined
    }

/** Why memory does not serve what it holds. */
export type UnservedReason = 'untrusted' | 'suspect' | 'groupInvalidated' | 'expired'

/** The proof that this process has missed no message of the partition. */
export interface TrustExplanation {
  readonly isHeld: boolean
  readonly leftMs: number
  /** For how long answers of Redis count. */
  readonly proofLeftMs: number
  readonly generation: number
  readonly losses: number
  readonly lostBecause: string
  /** Settings of another process that contradict ours. */
  readonly contradiction: string | undefined
}

/** What the family declares about time. */
export interface PolicyExplanation {
  readonly version: string
  readonly ttlMs: number
  readonly negativeTtlMs: number | undefined
  readonly maxStaleMs: number
  readonly isAdaptive: boolean
  readonly isRefreshed: boolean
  readonly hasSource: boolean
}

/** A read that went to the source, or got no answer. */
export interface LastMiss {
  readonly from: Exclude<Outcome<unknown>['from'], 'memory' | 'redis' | 'joined'>
  readonly why: Outcome<unknown>['why']
  readonly agoMs: number
}
