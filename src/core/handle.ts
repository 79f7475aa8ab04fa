/** What a cache offers for one family: `cache.market.…`. */
import type { Duration } from '../base/duration.ts'
import type { DeepReadonly } from './deep-readonly.ts'
import type { Key } from './key.ts'
import type { Outcome, SetVerdict } from './outcome.ts'
import type { Receipt } from './receipt.ts'
import type { Signal } from './signal.ts'
import type { IdArgs } from './template-types.ts'

/** How long a caller waits. */
export interface WaitOptions {
  /** Ends this caller's wait (`SP_ABORTED`), not the load that others wait for. */
  readonly signal?: Signal | undefined
  /** Longest wait of this caller (`SP_TIMEOUT`). */
  readonly timeout?: Duration | undefined
}
/** How far a read goes. */
export interface GetOptions extends WaitOptions {
  /**
   * `bounded` (default): memory may lag an invalidation by at most Δ. `strict`: proven
   * against Redis now. `fresh`: loaded now.
   */
  readonly consistency?: 'bounded' | 'strict' | 'fresh' | undefined
  /** See at least the invalidation that returned this receipt or token. */
  readonly after?: string | Receipt | undefined
  /**
   * `warm`: nobody waits for it. What it loads gives way to reads, where a source has no room
   * for both, and it is counted apart from them. Default `read`; within a source, that of its
   * load.
   */
  readonly priority?: 'read' | 'warm' | undefined
}
/** Why something was written; for the log and for other processes. */
export interface WriteOptions {
  readonly reason?: string
  /** Whom it concerns, such as a user; for the log. */
  readonly subject?: string
}
/** Of every invalidation. */
export interface InvalidateOptions extends WriteOptions {
  /** True: resolves only when no process anywhere can serve the old value. */
  readonly barrier?: boolean
}
/** Of invalidations of keys. */
export interface InvalidateKeysOptions extends InvalidateOptions {
  /**
   * Values of at least this order stay, older ones stay out for the family's TTL: for
   * those who know the version that was written. The family declares `order`.
   */
  readonly minVersion?: number | bigint
}
/** Of invalidations by a pattern. */
export interface PatternOptions extends InvalidateOptions {
  /** Ends the scan between two batches (`SP_ABORTED`). */
  readonly signal?: Signal | undefined
}
/** How a write goes about its quarantine. */
export interface MutateOptions extends InvalidateOptions {
  /** When the keys can't be quarantined in time. Default `run`. */
  readonly whenRedisIsDown?: 'run' | 'refuse'
  /** True: resolves to `{ value, receipt }`. */
  readonly receipt?: boolean
}
/**
 * A lock saves double work. A process that was paused can't know that its time is up, and a
 * server that evicts any key (`allkeys-*`) may forget who holds it: where double work does
 * harm, let what is written to refuse a fence that is lower than one it has seen.
 */
export interface LockOptions {
  /** How long the lock stays without renewal, should this process die. */
  readonly ttl: Duration
  /** How long to wait for another holder. Default: not at all. */
  readonly wait?: Duration | undefined
  /** Ends the wait (`SP_ABORTED`), not the work. */
  readonly signal?: Signal | undefined
}
/** Of `set`. */
export interface SetOptions extends WriteOptions {
  /** Shorter life for this value; never longer than the family's. */
  readonly ttl?: Duration
}
/** Whether `set` stored its value, and why. */
export interface SetResult {
  readonly stored: boolean
  readonly why: SetVerdict
  /** As that of a receipt: a read that carries it sees at least this value. */
  readonly token: string
}

type One<Id, O> = [...IdArgs<Id>, options?: O]
type OneOrMany<Id, O> = [Id] extends [undefined]
  ? [options?: O]
  : [ids: Id | readonly Id[], options?: O]

/** Methods about one key; the id disappears from families without parameters. */
export interface OneHandle<Id, V, P> {
  /** `undefined`: the source says that it does not exist. Rejects with the source's error. */
  get(...args: One<Id, GetOptions>): Promise<DeepReadonly<V> | undefined>
  /** Memory only: a fresh, trusted value, or `undefined`. */
  peek(...args: IdArgs<Id>): DeepReadonly<V> | undefined
  /** Like `get`, and says where it came from and why; rejects only for bad ids or options. */
  lookup(...args: One<Id, GetOptions>): Promise<Outcome<DeepReadonly<V>>>
  /** Stores a value unless one of the same or a higher order is there. */
  set(...args: [...IdArgs<Id>, value: DeepReadonly<V>, options?: SetOptions]): Promise<SetResult>
  /** When it resolves, nothing loaded before is stored, or served by Redis. */
  invalidate(...args: OneOrMany<Id, InvalidateKeysOptions>): Promise<Receipt>
  /** Everything of this family, in every tier, in constant time. */
  clear(options?: InvalidateOptions): Promise<Receipt>
  /** Loads now and stores; keeps the old value and rejects if the source fails. */
  refresh(...args: One<Id, WaitOptions>): Promise<DeepReadonly<V> | undefined>
  /**
   * Something has happened to these: for a while their values live the shorter TTL of
   * `adaptiveTtl.activity`, here at once and elsewhere when they hear of it. It invalidates
   * nothing, and never rejects but for bad ids and families without that option.
   */
  activity(...args: [Id] extends [undefined] ? [] : [ids: Id | readonly Id[]]): Promise<void>
  /** The key of one id, for methods that take keys of any family. */
  key(...args: IdArgs<Id>): Key
  /** A glob over this family's keys; parameters that are not given match anything. */
  pattern(fields?: Partial<P>): string
}
/** Methods about several keys; families without parameters don't have them. */
export interface ManyHandle<Id, V> {
  /** Aligned with `ids`; rejects if one has no answer. */
  getMany(ids: readonly Id[], options?: GetOptions): Promise<(DeepReadonly<V> | undefined)[]>
  /** An outcome each, aligned with `ids`. */
  lookupMany(ids: readonly Id[], options?: GetOptions): Promise<Outcome<DeepReadonly<V>>[]>
}
/** What a cache offers for one family, in the arity of its template. */
export type FamilyHandle<Id, V, P = unknown> = OneHandle<Id, V, P> &
  ([Id] extends [undefined] ? unknown : ManyHandle<Id, V>)

/**
 * A family without its types, for tools that work on any cache: the id is always the
 * first argument, `undefined` where the family has no parameters.
 */
export interface FamilyView {
  readonly name: string
  readonly template: string
  readonly hasSource: boolean
  /** How long a value lives at most, before its grace. */
  readonly ttlMs: number
  /** How many ids one call of its source takes: 1 where each is loaded alone, or nothing is. */
  readonly batchMax: number
  get(id: unknown, options?: GetOptions): Promise<unknown>
  getMany(ids: readonly unknown[], options?: GetOptions): Promise<unknown[]>
  peek(id: unknown): unknown
  /** True: memory has a value of it that is not over its TTL. Counts neither as read nor as use. */
  holds(id: unknown): boolean
  lookup(id: unknown, options?: GetOptions): Promise<Outcome<unknown>>
  lookupMany(ids: readonly unknown[], options?: GetOptions): Promise<Outcome<unknown>[]>
  set(id: unknown, value: unknown, options?: SetOptions): Promise<SetResult>
  invalidate(ids: readonly unknown[], options?: InvalidateKeysOptions): Promise<Receipt>
  clear(options?: InvalidateOptions): Promise<Receipt>
  refresh(id: unknown, options?: WaitOptions): Promise<unknown>
  activity(ids: readonly unknown[]): Promise<void>
  key(id: unknown): Key
  pattern(fields?: Readonly<Record<string, unknown>>): string
}
