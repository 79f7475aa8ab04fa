/**
 * The slot store: what the second tier must be able to do, each method one atomic
 * step on the server for each partition. Redis does it with scripts, the embedded
 * store in this process; both pass one contract suite and give the same replies.
 *
 * Semantics: PROTOCOL 2, 3.1 to 3.6 and 13. Keys are key texts without the
 * namespace (`api:positions:7`); the store adds `{ns:p}:k:`. Clocks are server
 * microseconds. Orders (versions of values) are 19-digit decimals or ''.
 */
import type { TakeReply } from '../token-bucket.ts'
import type { AcknowledgeRequest, Announcement, Counted, Told, ToldReply } from './announcement.ts'
import type { Connected, Incarnation } from './connected.ts'
import type { LockReply, LockRequest } from './lock.ts'
import type { TakeAsk } from './take.ts'

export type {
  AcknowledgeRequest,
  Announcement,
  BarrierAsk,
  Counted,
  Member,
  Registered,
  Told,
  ToldReply,
} from './announcement.ts'
export type { Connected, Incarnation, StoreListener } from './connected.ts'
export type { LockReply, LockRequest } from './lock.ts'
export type { TakeAsk } from './take.ts'

/** `down`: not sent. `lost`: sent, outcome unknown. `refused`: the server said no. */
export type StoreFaultKind = 'down' | 'lost' | 'refused'

/** Every method of a store rejects with this and nothing else. */
export class StoreFault extends Error {
  override readonly name = 'StoreFault'
  readonly kind: StoreFaultKind
  constructor(kind: StoreFaultKind, message: string, cause?: unknown) {
    super(message, { cause })
    this.kind = kind
  }
}

export interface ReadQuery {
  /** Slots wanted whole. */
  readonly keys: readonly string[]
  /** Slots of which the header is enough (revalidation); the text may be cut after it. */
  readonly heads: readonly string[]
  /** Encoded tags whose clocks are wanted, read after the slots. */
  readonly tags: readonly string[]
}

export interface ReadReply {
  /** Aligned with `keys`; absent, or of another Redis type: undefined. */
  readonly slots: readonly (string | undefined)[]
  readonly heads: readonly (string | undefined)[]
  /** Undefined: the partition has no record of groups, every slot counts as a miss. */
  readonly epoch: string | undefined
  readonly floor: number
  /** Aligned with `tags`; 0: never invalidated. */
  readonly tagClocks: readonly number[]
  /** Server time in milliseconds, with fractions. */
  readonly serverMs: number
}

export interface LeaseAsk {
  readonly key: string
  readonly token: string
  /** Family version: 8 characters. */
  readonly schema: string
  /** A fill that the reader has found unusable; a value of it is overwritten. */
  readonly voidFid: string | undefined
}

export interface LeaseRequest {
  readonly stamp: string
  /** Used when the partition's record must be made anew. */
  readonly newEpoch: string
  readonly leaseMs: number
  readonly asks: readonly LeaseAsk[]
}

/** What a lease has been put in the place of. */
export type Replaced = 'nothing' | 'void' | 'foreign'

export type LeaseVerdict =
  /**
   * Own lease is in the slot. `minimum`: lowest order that may be stored, or ''.
   * `replaced`: nothing, a value that is void, or something not ours.
   */
  | { readonly kind: 'granted'; readonly minimum: string; readonly replaced: Replaced }
  /** A valid value of this family version. */
  | { readonly kind: 'value'; readonly text: string }
  /** Another loader of this family version holds the lease. */
  | { readonly kind: 'busy' }
  /** Load without storing: another family version is here and young, or loading. */
  | { readonly kind: 'otherVersion' }
  /** Load without storing: a write is under way. */
  | { readonly kind: 'quarantined' }
  /** Load without storing: the slot has a wire version that we do not know. */
  | { readonly kind: 'unknownWire' }

export interface LeaseReply {
  readonly epoch: string
  /** c0: the group clock of the partition at the grant. */
  readonly clock: number
  readonly serverMs: number
  /** Aligned with the asks. */
  readonly verdicts: readonly LeaseVerdict[]
}

/** One value to store. `text` is the whole slot text (`formatValue`), its fid never used before. */
export interface Fill {
  readonly key: string
  /** `fill`: the lease token. `replace`: the fid that must still be there. */
  readonly expected: string
  readonly order: string
  readonly tags: readonly string[]
  readonly lifeMs: number
  /** Server milliseconds at the grant. */
  readonly bornMs: number
  /** Milliseconds on the loader's own clock since the grant was asked for. */
  readonly elapsedMs: number
  readonly text: string
}

export interface FillRequest {
  readonly stamp: string
  readonly epoch: string
  readonly clock: number
  readonly fills: readonly Fill[]
}

/** `gone`: lease or expected value no longer there. `group`: a group was invalidated meanwhile. */
export type FillVerdict = 'stored' | 'gone' | 'group' | 'older' | 'late'

export interface LeaseHeld {
  readonly key: string
  readonly token: string
}

export interface SetRequest extends Announcement {
  readonly stamp: string
  readonly newEpoch: string
  readonly key: string
  readonly fid: string
  readonly order: string
  readonly schema: string
  readonly tags: readonly string[]
  readonly lifeMs: number
  /** `soft|life|meta|payload`; the store puts stamp, epoch, clock and birth in front. */
  readonly tail: string
  /** Only for a family without any source. */
  readonly mayFillEmpty: boolean
}

export interface SetReply {
  readonly why: 'stored' | 'older' | 'notHeld' | 'quarantined'
  readonly counted: Counted
}

export interface InvalidateAsk {
  readonly key: string
  /** Leaves a floor: values of a lower order stay out for `floorMs`. '' for none. */
  readonly order: string
  /** Leaves the order of the value that is removed as a floor (families without a source). */
  readonly keepsOrder: boolean
  readonly floorMs: number
  /** Quarantines of this process that end with it (PROTOCOL 13, Release). */
  readonly tokens: readonly string[]
  /** Leaves a quarantine that nobody releases: the source may lag that long. */
  readonly settle: Settle | undefined
}

/** What `Settle.token` is: one for all invalidations, so that a slot holds no more than one. */
export const settleToken = 'settle'

export interface Settle {
  /** Left again it runs on: the later deadline stands. */
  readonly token: string
  readonly ms: number
}

export interface InvalidateRequest extends Told {
  readonly asks: readonly InvalidateAsk[]
}

export interface PlaceAsk {
  readonly key: string
  /** Of this writer; placed again it runs on. */
  readonly token: string
}

export interface PlaceRequest extends Announcement {
  readonly stamp: string
  readonly quarantineMs: number
  readonly asks: readonly PlaceAsk[]
}

/** A glob over key texts (see `core/glob.ts`) of which everything was invalidated. */
export interface PatternRequest extends Told {
  readonly pattern: string
}

/** Keys that something has happened to lately: while they are active their values live shorter. */
export interface ActiveRequest extends Announcement {
  readonly keys: readonly string[]
}

export interface DurabilityAsk {
  readonly replicas: number
  readonly timeoutMs: number
}

export interface RaiseRequest extends Told {
  readonly newEpoch: string
  /** Encoded tags to invalidate; empty: the floor of the whole partition. */
  readonly tags: readonly string[]
}

export interface RaiseReply extends ToldReply {
  readonly clock: number
}

export interface BeatRequest {
  readonly process: string
  readonly nonce: string
  /** Δ, in milliseconds. */
  readonly trustMs: number
  /** `wire|partitions|Δ`, compared with what the partition's first process wrote. */
  readonly settings: string
  /** The process's first beat here: settings of the same wire version give way to its own. */
  readonly isFirst: boolean
  /**
   * How long the process stays in the barrier registry without another beat; 0 takes it out
   * (it has no memory, or closes).
   */
  readonly registryMs: number
}

export interface BeatReply extends Incarnation, Counted {
  readonly settings: string
  /** Birth nonce of the barrier registry. */
  readonly birth: string
  /** Server time in milliseconds, with fractions; for measuring only. */
  readonly serverMs: number
}

/** Keys in one batch of a scan, and in one script that invalidates them: 0.1 ms of a server. */
export const scanKeysMax = 25

export interface Store {
  readonly partitions: number
  partitionOf(key: string): number
  /** The connection on which commands of a partition would be sent now. */
  connectedOf(partition: number): Connected | undefined
  read(partition: number, query: ReadQuery): Promise<ReadReply>
  lease(partition: number, request: LeaseRequest): Promise<LeaseReply>
  /** Stores under a lease (PROTOCOL 3.3). */
  fill(partition: number, request: FillRequest): Promise<readonly FillVerdict[]>
  /** Stores over the value whose fid is expected (refresh). */
  replace(partition: number, request: FillRequest): Promise<readonly FillVerdict[]>
  /** True where the lease was still there and now runs `leaseMs` from now. */
  renew(partition: number, held: readonly LeaseHeld[], leaseMs: number): Promise<readonly boolean[]>
  release(partition: number, held: readonly LeaseHeld[]): Promise<void>
  set(partition: number, request: SetRequest): Promise<SetReply>
  invalidate(partition: number, request: InvalidateRequest): Promise<ToldReply>
  raise(partition: number, request: RaiseRequest): Promise<RaiseReply>
  /** Quarantines slots before a write (PROTOCOL 3.5), or lets the quarantines run on. */
  place(partition: number, request: PlaceRequest): Promise<ToldReply>
  /** Tells memories to drop what a glob matches; slots are invalidated by `invalidate`. */
  tellPattern(partition: number, request: PatternRequest): Promise<ToldReply>
  /** Tells memories of active keys; changes nothing. */
  tellActive(partition: number, request: ActiveRequest): Promise<ToldReply>
  /** Tells the process that waits at a barrier that its message has been applied here. */
  acknowledge(partition: number, request: AcknowledgeRequest): Promise<void>
  /**
   * Key texts of slots that match a glob, of all partitions, in batches of at most
   * `scanKeysMax`; every slot there during the whole scan is among them (SCAN's promise),
   * perhaps twice. A batch may be empty: between any two commands the caller can stop.
   */
  scan(pattern: string): AsyncIterable<readonly string[]>
  /** Takes a lock, or runs on with one that the token holds. */
  lock(partition: number, request: LockRequest): Promise<LockReply>
  /** True where the token held it. */
  unlock(partition: number, request: Pick<LockRequest, 'name' | 'token'>): Promise<boolean>
  /** Takes tokens, each ask for itself and in their order; at most `takeAsksMax`. */
  take(partition: number, asks: readonly TakeAsk[]): Promise<readonly TakeReply[]>
  /** How many replicas have all that this connection has written; waits at most `timeoutMs`. */
  replicated(partition: number, ask: DurabilityAsk): Promise<number>
  beat(partition: number, request: BeatRequest): Promise<BeatReply>
  /**
   * Has the server of a partition identified anew, on a new connection where that is the
   * plainest way: what it says is no longer believed. Partitions on one server share it.
   */
  reconnect(partition: number, reason: string): void
}
