/** Options of `openCache`. Every one accepts `undefined`, so that the environment may feed it. */
import type { ByteSize } from '../base/byte-size.ts'
import type { Duration } from '../base/duration.ts'
import type { Families } from './catalog.ts'
import type { Observer } from './outcome.ts'
import type { ResilienceOptions } from './resilience-options.ts'
import type { Sources } from './source.ts'

/** The part of pino's logger that is used; `console` fits too. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
/** How families divide memory when room is short (docs/sizing.md). */
export type Sizing = 'off' | 'advise' | 'apply'
/** Bounds of the memory tier. */
export interface MemoryOptions {
  /** Bound of the whole memory tier of this process. Default 64 MB. */
  readonly maxBytes?: ByteSize | undefined
  /** Bound in entries, besides the one in bytes. Default 100,000. */
  readonly maxEntries?: number | undefined
  /**
   * How families divide memory when room is short. `off`: equally. `advise`: equally, and
   * `stats().memory.sizing` says what would be better. `apply`: slowly towards that. Default off.
   */
  readonly sizing?: Sizing | undefined
}
/** Which replicas an invalidation waits for. */
export interface DurabilityOptions {
  /** How many of them. */
  readonly replicas: number
  /** How long to wait for them. Default 50 ms. */
  readonly timeout?: Duration | undefined
}
/** One key of AES-256. */
export interface EncryptionKey {
  /** Stands in each slot: 1 to 16 letters, digits, dots, underscores or hyphens. */
  readonly id: string
  /** 32 bytes, or their base64. */
  readonly key: string | Uint8Array
}
/** The keys of encrypted families. */
export interface EncryptionOptions {
  /**
   * The first one encrypts, all decrypt. At most 16. A new key is given to every process as
   * the last one before it becomes the first anywhere.
   */
  readonly keys: readonly EncryptionKey[]
}
/** What `openCache` takes besides the catalog. */
export interface CacheOptions<F extends Families, R = string | object> {
  /** Who this process is, in messages and logs. */
  readonly service: string
  /**
   * A URL, ioredis options, an ioredis instance or Cluster, or `{ cluster: [addresses] }` with
   * ioredis options; absent: the caches of this process only.
   */
  readonly redis?: R | undefined
  /** Keeps staging and production apart on one Redis. Default: the catalog's name. */
  readonly namespace?: string | undefined
  /** Those that this process has; a family without one can still be read and invalidated. */
  readonly sources?: Sources<F> | undefined
  /** When breakers open, by dependency and by family. */
  readonly resilience?: ResilienceOptions<keyof F & string> | undefined
  /** `false`: no memory and no bus. */
  readonly memory?: false | MemoryOptions | undefined
  /** Δ: the longest that memory may lag an invalidation when messages are lost. Default 1.5 s. */
  readonly trust?: Duration | undefined
  /** The longest that one call waits for Redis in total. Default 500 ms. */
  readonly budget?: Duration | undefined
  /** For connecting and handshake, and the longest that `openCache` waits. Default 2 s. */
  readonly connectTimeout?: Duration | undefined
  /** How long a load holds its slot without renewal. Default 5 s. */
  readonly leaseTtl?: Duration | undefined
  /** The longest that a load may take, and that others wait for it. Default 10 s. */
  readonly loadTimeout?: Duration | undefined
  /**
   * How long `mutate` keeps its keys out of the cache should this process die; renewed while
   * the write runs. Default 30 s.
   */
  readonly quarantine?: Duration | undefined
  /**
   * The longest that the database may still commit after it has been asked: its statement
   * timeout and its idle-in-transaction timeout together. Checked against `quarantine`, because
   * a commit after the quarantine has run out is one that nobody invalidates.
   */
  readonly writeTimeout?: Duration | undefined
  /** True: `openCache` rejects if Redis can't be reached. Default false. */
  readonly requireRedis?: boolean | undefined
  /** Parts that keys are divided into; the same in every process. Default 1, in a Cluster 16. */
  readonly partitions?: number | undefined
  /** Waits, after an invalidation, for replicas to have it; the receipt says if they had. */
  readonly durability?: DurabilityOptions | undefined
  /**
   * How long invalidations wait for others to be said in one message, from 1 to 100 ms; their
   * callers wait with them. Default: until the end of the tick.
   */
  readonly coalesce?: Duration | undefined
  /** A folder where invalidations that Redis could not be told about outlive this process. */
  readonly journal?: string | undefined
  /** For families that say `encrypted: true`. */
  readonly encryption?: EncryptionOptions | undefined
  /**
   * Share of hits, from 0 to 1, that are compared with Redis afterwards, in the background:
   * 0.001 finds stale reads at the cost of one more read in a thousand. Default 0: none.
   */
  readonly shadowReads?: number | undefined
  /** `false`: silent. */
  readonly log?: Logger | false | undefined
  /** True: invalidations in the log name keys, patterns and tags. Default false. */
  readonly logKeys?: boolean | undefined
  /** Told outcomes from the start, as by `observe`. At most 16. */
  readonly observers?: readonly Observer[] | undefined
}
