/** staleproof: memory, Redis and source, with a precise promise of coherence. */

export type { Duration } from './base/duration.ts'
export type { Cache, CacheMethods, Mutated } from './core/cache.ts'
export { type Catalog, defineCatalog, type Families } from './core/catalog.ts'
export type { DeepReadonly } from './core/deep-readonly.ts'
export type { ErrorCode } from './core/error-codes.ts'
export { isStaleproofError, StaleproofError } from './core/errors.ts'
export {
  type Family,
  type FamilyId,
  type FamilyOptions,
  type FamilyValue,
  family,
} from './core/family.ts'
export type {
  FamilyHandle,
  FamilyView,
  GetOptions,
  InvalidateKeysOptions,
  InvalidateOptions,
  LockOptions,
  MutateOptions,
  PatternOptions,
  SetOptions,
  SetResult,
  WaitOptions,
  WriteOptions,
} from './core/handle.ts'
export type { Key } from './core/key.ts'
export type { CacheOptions, DurabilityOptions, Logger, MemoryOptions } from './core/options.ts'
export type { CacheEvent, Observer, Outcome } from './core/outcome.ts'
export type { BarrierReceipt, Receipt } from './core/receipt.ts'
export { shape } from './core/shape.ts'
export type { Source, SourceContext, Sources } from './core/source.ts'
export type {
  CacheStats,
  CoherenceStats,
  DeliveryStats,
  FamilyStats,
  Health,
  MutationStats,
  PendingInvalidation,
} from './core/stats.ts'
export { openCache, openCacheOnce } from './open.ts'
