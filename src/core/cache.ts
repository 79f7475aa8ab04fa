/// <reference lib="esnext.disposable" preserve="true" />
/** The cache as its users see it: methods of the whole, and one handle for each family. */
import type { Families } from './catalog.ts'
import type { FamilyFields, FamilyId, FamilyValue } from './family.ts'
import type { FamilyHandle, FamilyView, InvalidateOptions } from './handle.ts'
import type { Key } from './key.ts'
import type { Observer } from './outcome.ts'
import type { Receipt } from './receipt.ts'
import type { CacheStats, Health, PendingInvalidation } from './stats.ts'

export interface CacheMethods {
  /** Keys of any families. Rejects with `SP_INVALIDATION_PENDING` if Redis was not told. */
  invalidate(keys: readonly Key[], options?: InvalidateOptions): Promise<Receipt>
  /** Returns a function that ends it. At most 16 at a time. */
  observe(observer: Observer): () => void
  stats(): CacheStats
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

export type Cache<F extends Families> = CacheMethods & {
  readonly [K in keyof F]: FamilyHandle<FamilyId<F[K]>, FamilyValue<F[K]>, FamilyFields<F[K]>>
}
