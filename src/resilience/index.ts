/** Breakers, limits and deadlines: how the cache stays calm when something it needs is not. */
export { Breaker } from './breaker.ts'
export { Budget } from './budget.ts'
export { Limiter } from './limiter.ts'
