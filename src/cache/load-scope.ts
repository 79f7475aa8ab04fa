/**
 * What a source is doing while it runs, found again by every `get` it makes: those
 * are strict, inherit signal and deadline, and may not ask for a key that the same
 * chain is loading (CONTRACT 14).
 */
import type { AsyncScope } from './async-scope.ts'

export interface Scope {
  /** Key texts being loaded, the outermost first. */
  readonly chain: readonly string[]
  readonly signal: AbortSignal
  /** On the monotonic clock. */
  readonly deadlineMs: number
}

/** Its state is undefined outside of a source. */
export type LoadScope = AsyncScope<Scope>
