/**
 * What a history is made of: what clients of caches did to registers, and what they saw. A
 * register is a key of which the versions only rise. One record is one line of JSON and about
 * one key, so that keys can be judged apart; what concerns several keys is several records.
 *
 * Times are milliseconds of one clock for all processes (CLOCK_MONOTONIC of a host, the clock
 * of a simulation). They order what happened: two events of one time are in no order.
 */

interface Timed {
  readonly process: string
  readonly key: string
  readonly invokedMs: number
  readonly returnedMs: number
  /** For people: how it was done. */
  readonly note?: string
}

/** The database committed the version at some moment between the two times. */
export interface WriteRecord extends Timed {
  readonly kind: 'write'
  readonly version: number
}

/**
 * How an invalidation was asked for. The rules are the same for all. `quarantine` stands for a
 * writer that died inside `mutate`: asked for at its commit, resolved at the deadline.
 */
export const waysToInvalidate = [
  'key',
  'tag',
  'family',
  'clear',
  'pattern',
  'set',
  'mutate',
  'quarantine',
  'replay',
] as const
export type HowInvalidated = (typeof waysToInvalidate)[number]

/** Covers every write of the key that had returned when it was invoked. */
export interface InvalidateRecord extends Timed {
  readonly kind: 'invalidate'
  readonly how: HowInvalidated
  /** When the promise began to count; absent: it was refused as pending. */
  readonly resolvedMs?: number
  /** It resolved only when no process could serve the old value. */
  readonly barrier?: true
  /** Covers versions up to this one only: an ordered set, or a lowest version. */
  readonly upTo?: number
}

export const readTiers = ['memory', 'joined', 'redis', 'source', 'stale'] as const
export type ReadTier = (typeof readTiers)[number]

export const readModes = ['bounded', 'strict', 'fresh'] as const
export type ReadMode = (typeof readModes)[number]

export interface ReadRecord extends Timed {
  readonly kind: 'read'
  /** 0: the register did not exist. */
  readonly version: number
  readonly tier: ReadTier
  readonly mode: ReadMode
  /** The version of the write whose receipt it carried. */
  readonly after?: number
}

export const finalTiers = ['memory', 'redis', 'source', 'payload'] as const
export type FinalTier = (typeof finalTiers)[number]

/** What a tier held when everything was over and the bound had passed. */
export interface FinalRecord extends Timed {
  readonly kind: 'final'
  /** `payload`: the slot itself, of no process. */
  readonly tier: FinalTier
  readonly version: number
}

/**
 * Two servers accepted writes, which no cache can make one. What was invalidated meanwhile
 * counts when it is over, at `returnedMs`: then every writer has said it again. An empty key
 * stands for all.
 */
export interface SplitRecord extends Timed {
  readonly kind: 'split'
  /**
   * The server changed behind open connections: until it is over a process can't know of it, so
   * that even receipts and its own invalidations count only then.
   */
  readonly unnoticed?: true
}

export type HistoryRecord = WriteRecord | InvalidateRecord | ReadRecord | FinalRecord | SplitRecord
