/** Breakers, limits and deadlines: how the cache stays calm when something it needs is not. */
export { backoffMs } from './backoff.ts'
export { Breaker } from './breaker.ts'
export { Budget } from './budget.ts'
export { Bulkhead, isMoreUrgent, type Place, type Priority, priorities } from './bulkhead.ts'
export { Limiter } from './limiter.ts'
export { SharedSignals } from './shared-signals.ts'
export { type BreakerChange, SourceBreaker, type Verdict } from './source-breaker.ts'
export { TokenBuckets } from './token-buckets.ts'
