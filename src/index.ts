/** staleproof: memory, Redis and source, with a precise promise of coherence. */

export type { Duration } from './base/duration.ts'
export type { CacheAbout, DeclaredFamily } from './core/about.ts'
export type { BreakerOptions } from './core/breaker-policy.ts'
export type { Cache, CacheMethods, Mutated } from './core/cache.ts'
export { type Catalog, defineCatalog, type Families } from './core/catalog.ts'
export type {
  Debounce,
  DebounceOptions,
  DebouncePace,
  DebounceStats,
  FlushContext,
} from './core/debounce.ts'
export type { DeepReadonly } from './core/deep-readonly.ts'
export type { ErrorCode } from './core/error-code.ts'
export { isStaleproofError, StaleproofError } from './core/errors.ts'
export type {
  Explanation,
  LastMiss,
  MemoryExplanation,
  RedisExplanation,
  SlotExplanation,
} from './core/explanation.ts'
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
export type { KeyListing, KeysOptions } from './core/key-listing.ts'
export type {
  CacheOptions,
  DurabilityOptions,
  EncryptionKey,
  EncryptionOptions,
  Logger,
  MemoryOptions,
} from './core/options.ts'
export type { CacheEvent, Observer, Outcome } from './core/outcome.ts'
export type {
  LimiterOptions,
  LimiterStats,
  RateLimiter,
  TakeOptions,
  TakeResult,
  TokenBucket,
} from './core/rate-limit.ts'
export type { BarrierReceipt, Receipt } from './core/receipt.ts'
export type { RefreshOptions } from './core/refresh-rules.ts'
export type {
  BreakerName,
  RedisBreakerOptions,
  ResilienceOptions,
} from './core/resilience-options.ts'
export { shape } from './core/shape.ts'
export type {
  BatchSource,
  OneSource,
  SingleSource,
  Source,
  SourceContext,
  Sources,
} from './core/source.ts'
export type { RetryOptions, SourceOptions } from './core/source-rules.ts'
export type {
  BreakerState,
  BreakerStats,
  CacheStats,
  CoherenceStats,
  DeliveryStats,
  FamilyStats,
  Health,
  LagStats,
  MutationStats,
  PendingInvalidation,
  RedisStats,
  SourceStats,
} from './core/stats.ts'
export { joinTokens } from './core/token.ts'
export type { Ttl } from './core/ttl-policy.ts'
export type { AdaptiveTtlOptions } from './core/ttl-rules.ts'
export { openCache, openCacheOnce } from './open.ts'
