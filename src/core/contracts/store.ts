/**
 * The slot store: what the second tier must be able to do, each method one atomic
 * step on the server for each partition. Redis does it with scripts, the embedded
 * store in this process; both pass one contract suite and give the same replies.
 *
 * Semantics: PROTOCOL 2, 3.1 to 3.6 and 13. Keys are key texts without the
 * namespace (`api:positions:7`); the store adds `{ns:p}:k:`. Clocks are server
 * microseconds. Orders (versions of values) are 19-digit decimals or ''.
 */

/** What a connection has proven about its server. */
export interface Incarnation {
  /** 48 bits of run id and replication id: 8 base64url characters. */
  readonly stamp: string
  readonly runId: string
}

export interface Connected extends Incarnation {
  /** Rises with every connection; a reply counts only in the generation it was asked in. */
  readonly generation: number
}

export interface StoreListener {
  /** A connection has been opened and its server identified. */
  up(connected: Connected): void
  /** No commands can be sent until the next `up`. */
  down(reason: string): void
}

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

export type LeaseVerdict =
  /**
   * Own lease is in the slot. `minimum`: lowest order that may be stored, or ''.
   * `foreign`: what was there wasn't ours.
   */
  | { readonly kind: 'granted'; readonly minimum: string; readonly foreign: boolean }
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

/** Who says what in messages and logs. */
export interface Announcement {
  readonly origin: string
  readonly reason: string
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

/** How the partition numbered an announcement; without numbers it proves nothing. */
export interface Counted {
  readonly epoch: string | undefined
  readonly seq: number | undefined
}

export interface InvalidateAsk {
  readonly key: string
  /** Leaves a floor: values of a lower order stay out for `floorMs`. '' for none. */
  readonly order: string
  /** Leaves the order of the value that is removed as a floor (families without a source). */
  readonly keepsOrder: boolean
  readonly floorMs: number
}

export interface InvalidateRequest extends Announcement {
  readonly asks: readonly InvalidateAsk[]
}

export interface InvalidateReply extends Counted {
  /** Subscribers that the message was handed to. */
  readonly receivers: number
}

export interface RaiseRequest extends Announcement {
  readonly newEpoch: string
  /** Encoded tags to invalidate; empty: the floor of the whole partition. */
  readonly tags: readonly string[]
}

export interface RaiseReply extends InvalidateReply {
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
  /** How long the process stays in the barrier registry without another beat. */
  readonly registryMs: number
}

export interface BeatReply extends Incarnation, Counted {
  readonly settings: string
  /** Birth nonce of the barrier registry. */
  readonly birth: string
}

export interface Store {
  readonly partitions: number
  partitionOf(key: string): number
  /** The connection commands would be sent on now. */
  readonly connected: Connected | undefined
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
  invalidate(partition: number, request: InvalidateRequest): Promise<InvalidateReply>
  raise(partition: number, request: RaiseRequest): Promise<RaiseReply>
  beat(partition: number, request: BeatRequest): Promise<BeatReply>
  /** Ends the connection and makes a new one: what the server says is no longer believed. */
  reconnect(reason: string): void
}
