/** The orchestrators: one per thing that a caller can do; tiers are seen through contracts. */
export { createCache, type Tiers } from './create-cache.ts'
export { consoleLogger, logObserver } from './log.ts'
export type { RuntimeCache } from './runtime-cache.ts'
export { withHandles } from './with-handles.ts'
