/// <reference lib="esnext.disposable" preserve="true" />
/** The cache as its users see it: methods of the whole, and one handle for each family. */
import type { CacheAbout } from './about.ts'
import type { BreakerOptions } from './breaker-policy.ts'
import type { Families } from './catalog.ts'
import type { Debounce, DebounceOptions } from './debounce.ts'
import type { Explanation } from './explanation.ts'
import type { FamilyFields, FamilyId, FamilyValue } from './family.ts'
import type {
  FamilyHandle,
  FamilyView,
  InvalidateKeysOptions,
  InvalidateOptions,
  LockOptions,
  MutateOptions,
  PatternOptions,
} from './handle.ts'
import type { Key } from './key.ts'
import type { KeyListing, KeysOptions } from './key-listing.ts'
import type { Observer } from './outcome.ts'
import type { LimiterOptions, RateLimiter } from './rate-limit.ts'
import type { Receipt } from './receipt.ts'
import type { BreakerName, RedisBreakerOptions } from './resilience-options.ts'
import type { Signal } from './signal.ts'
import type { CacheStats, Health, PendingInvalidation } from './stats.ts'

/** What `mutate` resolves to with `receipt: true`. */
export interface Mutated<T> {
  readonly value: T
  /** Of the release; while that is pending, its token makes reads load anew. */
  readonly receipt: Receipt
}

/** What concerns no single family. */
export interface CacheMethods {
  /** Keys of any families. Rejects with `SP_INVALIDATION_PENDING` if Redis was not told. */
  invalidate(keys: readonly Key[], options?: InvalidateKeysOptions): Promise<Receipt>
  /** Everything that carries one of the tags, in every family, in constant time. */
  invalidateTag(tags: string | readonly string[], options?: InvalidateOptions): Promise<Receipt>
  /**
   * Everything whose key text matches a glob of `*` and `?`, by scanning in bounded batches;
   * `cache.….pattern({…})` builds one. A bare `*` is refused: that is `clear`.
   */
  invalidatePattern(pattern: string, options?: PatternOptions): Promise<Receipt>
  /** Everything of all families, in constant time; nothing else on the server is touched. */
  clear(options?: InvalidateOptions): Promise<Receipt>
  /**
   * A write with its keys quarantined around the commit: nobody can store what was read
   * before it, even if this process dies on the way. Resolves to what `write` returned and
   * rejects with its error alone; an invalidation that is still pending is in `pending()`.
   */
  mutate<T>(
    keys: readonly Key[] | ((result: T) => readonly Key[]),
    write: () => T | PromiseLike<T>,
    options: MutateOptions & { readonly receipt: true },
  ): Promise<Mutated<T>>
  mutate<T>(
    keys: readonly Key[] | ((result: T) => readonly Key[]),
    write: () => T | PromiseLike<T>,
    options?: MutateOptions,
  ): Promise<T>
  /**
   * Runs `work` in one process at a time; its signal fires when the lock is lost. `fence`
   * rises with every holder. Rejects with `SP_LOCK_TAKEN`.
   */
  lock<T>(
    name: string,
    options: LockOptions,
    work: (signal: Signal, fence: number) => T | PromiseLike<T>,
  ): Promise<T>
  /**
   * A rate limit by name, shared by all processes on one Redis. Asked for again with the same
   * options it is the same one.
   */
  limiter(name: string, options: LimiterOptions): RateLimiter
  /**
   * Changes by key that are written together: each waits no longer than `wait`, however many
   * follow it. Closing the cache writes what waits, before it refuses calls.
   */
  debounce<K, V>(options: DebounceOptions<K, V>): Debounce<K, V>
  /** Returns a function that ends it. At most 16 at a time. */
  observe(observer: Observer): () => void
  /**
   * Changes when a breaker opens, from now on and in this process; `stats().breakers` has the
   * names. What is not given has its default. Throws `SP_OPTION_UNKNOWN`, `SP_OPTION_INVALID`.
   */
  configureBreaker<Name extends BreakerName>(
    name: Name,
    options: Name extends `redis:${number}` ? RedisBreakerOptions : BreakerOptions,
  ): void
  /**
   * Keys that Redis holds values or leases for, found by scanning in bounded steps: for people
   * and tools. Rejects with `SP_REDIS_DOWN`.
   */
  keys(options?: KeysOptions): Promise<KeyListing>
  /**
   * Why a key is served as it is: its slot, its entry in memory, trust, TTL and what is pending.
   * Takes a key or its text; rejects with `SP_ID_TYPE` where no family has it. Without Redis it
   * says so.
   */
  explain(key: Key | string): Promise<Explanation>
  /** Who this cache is among its processes, and what it declares. */
  about(): CacheAbout
  /** What this process has counted since it opened the cache. */
  stats(): CacheStats
  /** What this process can't do now, why, and since when. */
  health(): Health
  /** Invalidations that Redis could not be told about yet; they are sent before anything else. */
  pending(): readonly PendingInvalidation[]
  /** Resolves when the stores and retries under way now have ended. */
  settled(): Promise<void>
  /** Idempotent. Leaves no timer, socket or listener; new calls reject with `SP_CLOSED`. */
  close(): Promise<void>
  /** A family without its types, for tools that work on any cache. */
  family(name: string): FamilyView
  [Symbol.asyncDispose](): Promise<void>
}

/** The cache of one process, as `openCache` resolves to it. */
export type Cache<F extends Families> = CacheMethods & {
  readonly [K in keyof F]: FamilyHandle<FamilyId<F[K]>, FamilyValue<F[K]>, FamilyFields<F[K]>>
}
