/**
 * Outcomes: the one record of what an operation did. Callers of `lookup` see it,
 * observers are told it, and every counter, log line and metric is derived from it.
 */
import type { StaleproofError } from './errors.ts'
import type { BreakerName } from './resilience-options.ts'
import type { StaleReadEvent } from './stale-read.ts'
import type { BreakerState } from './stats.ts'
import type { Ttl } from './ttl-policy.ts'

interface Served<V> {
  /** `undefined`: the source says that it does not exist. */
  readonly value: V | undefined
  /** Since the start of the load, in milliseconds. */
  readonly ageMs: number
  /** Of families whose values are refreshed or live adaptively: the TTL, and why it is so. */
  readonly ttl?: Ttl | undefined
}
/** A trusted entry of this process. */
export interface FromMemory<V> extends Served<V> {
  readonly from: 'memory'
  readonly why: 'fresh'
  readonly stale: false
}
/** Proven against Redis during this call. */
export interface FromRedis<V> extends Served<V> {
  readonly from: 'redis'
  /** `stored`: read. `revalidated`: memory proven current. `waited`: another process loaded it. */
  readonly why: 'stored' | 'revalidated' | 'waited'
  readonly stale: false
}
/** Why a value was loaded. The last six are not stored. */
export type LoadReason =
  | 'absent'
  | 'void'
  /** Its TTL is over, and what is there is in its grace. */
  | 'expired'
  | 'leaseExpired'
  | 'asked'
  | 'otherVersion'
  | 'quarantined'
  | 'invalidationPending'
  | 'redisDown'
  | 'unknownWire'
  /** By a source for itself: the key is among those that the very call is loading for others. */
  | 'nested'
/** Loaded by this call. */
export interface FromSource<V> extends Served<V> {
  readonly from: 'source'
  readonly why: LoadReason
  readonly stale: false
}
/** Shared what another call of this process had begun; like memory it may lag by Δ. */
export interface FromJoined<V> extends Served<V> {
  readonly from: 'joined'
  readonly why: LoadReason | FromRedis<V>['why']
  readonly stale: false
}
/**
 * Why a value is served that is older than its TTL: it is being loaded anew, its load has
 * failed (perhaps lately, and pauses), its breaker is open, or its load takes too long.
 */
export type StaleReason = 'revalidating' | 'sourceFailed' | 'breakerOpen' | 'softTimeout'
/** Older than its TTL, and marked as such; nothing that was invalidated. */
export interface FromStale<V> extends Served<V> {
  readonly from: 'stale'
  readonly why: StaleReason
  readonly stale: true
}
/** No answer; `error` is what `get` rejects with. */
export interface NoAnswer {
  readonly from: 'none'
  readonly why: 'noSource' | 'sourceFailed' | 'loadTimeout' | 'aborted' | 'timeout' | 'refused'
  readonly stale: false
  readonly value: undefined
  readonly ageMs: undefined
  readonly ttl?: undefined
  readonly error: unknown
}
/** What a read did. */
export type Outcome<V> =
  | FromMemory<V>
  | FromRedis<V>
  | FromSource<V>
  | FromJoined<V>
  | FromStale<V>
  | NoAnswer

/** A read ended. Memory hits are told only to observers that ask for them. */
export interface ReadEvent {
  readonly kind: 'read'
  readonly family: string
  /** Undefined where the family has no parameters. */
  readonly id: unknown
  readonly key: string
  readonly priority: 'read' | 'warm' | 'refresh'
  /** How many reads it stands for: more than one where memory hits are sampled. */
  readonly weight: number
  readonly outcome: Outcome<unknown>
  readonly ms: number
}
/** A source was asked, and what became of its answer. */
export interface LoadEvent {
  readonly kind: 'load'
  readonly family: string
  readonly keys: readonly string[]
  readonly ms: number
  /** How often the source was called; 0: it was refused before. */
  readonly attempts: number
  /** The error of the source, if it failed. */
  readonly error: unknown
  /** Aligned with `keys`; empty if the source failed. */
  readonly stored: readonly StoreResult[]
  /** Of those that were stored. */
  readonly sizes: readonly StoredSize[]
}
/** Of a value. */
export interface StoredSize {
  /** As its codec encoded it. */
  readonly rawBytes: number
  /** Compressed and encrypted where that is declared. */
  readonly storedBytes: number
}
/** A breaker of a source opened, is being tried, or closed. That of Redis is told as a link. */
export interface BreakerEvent {
  readonly kind: 'breaker'
  readonly breaker: BreakerName
  readonly before: BreakerState
  readonly state: BreakerState
  /** How long the state before lasted, in milliseconds. */
  readonly afterMs: number
  /** Until it may be tried; only while it is open. */
  readonly retryMs: number | undefined
}
/** What became of a loaded value. */
export type StoreResult =
  | 'stored'
  | 'doomed'
  | 'gone'
  | 'group'
  | 'older'
  | 'late'
  | 'notCarried'
  /** Refused by the guard. */
  | 'sensitive'
  | 'invalid'
  | 'tooLarge'
  /** Absent, and the family doesn't remember absence. */
  | 'forgotten'
  | 'noLease'
  | 'redisDown'
/** An invalidation was executed, kept for later, or received from another process. */
export interface InvalidateEvent {
  readonly kind: 'invalidate'
  /** `retry`: it had been pending. `replay`: said again to a server that may have lost it. */
  readonly via: 'call' | 'retry' | 'replay' | 'message'
  readonly keys: readonly string[]
  readonly tags: readonly string[]
  /** Service that asked for it. */
  readonly origin: string
  /** Of a message: where it was said; a group is invalidated in every partition. */
  readonly partition?: number
  /** Of a message: this very process said it, and tells it as a call too. */
  readonly isOwn?: boolean
  readonly reason: string
  readonly subject: string | undefined
  readonly reached: number
  readonly pending: readonly string[]
  readonly ms: number
  /** Of a message: since the server executed it; undefined while its time is not known. */
  readonly lagMs?: number | undefined
}
/** A `mutate` has ended; its release is an invalidation, told on its own. */
export interface MutateEvent {
  readonly kind: 'mutate'
  /** As far as they are known: those of a function of the result only after it committed. */
  readonly keys: readonly string[]
  /** `refused`: the write was not begun, because its keys could not be quarantined. */
  readonly outcome: 'committed' | 'failed' | 'refused'
  /** False: it ran, or would have run, with keys that were not all in quarantine. */
  readonly quarantined: boolean
  readonly reason: string
  readonly subject: string | undefined
  /** How long the keys were in quarantine, the write included. */
  readonly ms: number
}
/** Why a `set` stored or did not store. */
export type SetVerdict = 'stored' | 'older' | 'notHeld' | 'quarantined'
/** A `set` was executed, could not be, or was received from another process. */
export interface SetEvent {
  readonly kind: 'set'
  readonly via: 'call' | 'message'
  readonly family: string
  readonly key: string
  readonly why: SetVerdict | undefined
  readonly origin: string
  /** Of a message: this very process said it, and tells it as a call too. */
  readonly isOwn?: boolean
  readonly reason: string
  readonly ms: number
  /** Of a message: since the server executed it; undefined while its time is not known. */
  readonly lagMs?: number | undefined
}
/** What is asked of Redis; what leaves together is one. */
export type RedisOperation =
  | 'read'
  | 'lease'
  | 'fill'
  | 'set'
  | 'invalidate'
  | 'quarantine'
  | 'lock'
  | 'take'
  | 'beat'
  | 'other'
/** Redis was asked for something. */
export interface RedisEvent {
  readonly kind: 'redis'
  readonly operation: RedisOperation
  /** False: it did not answer in time, or refused. */
  readonly isAnswered: boolean
  readonly ms: number
}
/** A lock was asked for, or lost while it was held. */
export interface LockEvent {
  readonly kind: 'lock'
  /** Encoded as in keys. */
  readonly lock: string
  readonly outcome: 'held' | 'taken' | 'unreachable' | 'lost'
  /** How long it was waited for. */
  readonly waitMs: number
}
/** A limiter had no tokens. */
export interface LimitedEvent {
  readonly kind: 'limited'
  readonly limiter: string
  /** Tokens that were asked for. */
  readonly count: number
  readonly retryAfterMs: number
}
/** Memory of a partition gained or lost the proof that no message was missed. */
export interface TrustEvent {
  readonly kind: 'trust'
  readonly partition: number
  readonly held: boolean
  readonly reason: string
  /** How long the state before lasted, in milliseconds. */
  readonly afterMs: number
}
/** A connection came up or went down. */
export interface LinkEvent {
  readonly kind: 'link'
  readonly link: 'commands' | 'bus'
  readonly partition: number
  readonly up: boolean
  readonly reason: string
}
/** Another server answers, or the same one with other data. */
export interface IncarnationEvent {
  readonly kind: 'incarnation'
  readonly partition: number
  readonly before: string | undefined
  readonly now: string
}
/** Something went wrong that no caller is told about; it never fails a read. */
export interface FaultEvent {
  readonly kind: 'fault'
  readonly error: StaleproofError
}
/** Everything that observers can be told. */
export type CacheEvent =
  | ReadEvent
  | LoadEvent
  | BreakerEvent
  | InvalidateEvent
  | SetEvent
  | MutateEvent
  | LimitedEvent
  | LockEvent
  | RedisEvent
  | TrustEvent
  | LinkEvent
  | IncarnationEvent
  | StaleReadEvent
  | FaultEvent

/** Called synchronously after the fact; one that throws is counted and never slows a caller. */
export interface Observer {
  /**
   * True: also be told of memory hits, which costs an object each. A number: of about one hit
   * in so many, whatever others want; `weight` says what each stands for.
   */
  readonly hits?: boolean | number
  notify(event: CacheEvent): void
}
