/** What is asked to be loaded ahead of its readers, and what became of it. */
import type { Duration } from '../base/duration.ts'

/** Ids of one family. */
export interface PreloadRequest {
  readonly family: string
  /** `[undefined]` of a family without parameters. */
  readonly ids: readonly unknown[]
  readonly signal?: AbortSignal | undefined
  /**
   * Values that end sooner are loaded anew, unless they are in the first half of their lives.
   * Default: none are.
   */
  readonly freshFor?: Duration | undefined
  /** True: whatever is there is loaded anew. */
  readonly anew?: boolean | undefined
  /** True: before what other tasks and preloads wait for. */
  readonly urgent?: boolean | undefined
}
/** One value that was loaded. */
export interface Preloaded {
  readonly id: unknown
  /** The key text. */
  readonly key: string
  /** When its load began, on the monotonic clock. */
  readonly bornMs: number
}
/** Every id is in one of the four. */
export interface PreloadResult {
  readonly loaded: number
  /** There already, or loaded by somebody else. */
  readonly present: number
  readonly failed: number
  /** The source had no room or its breaker is open, too many wait here, or the signal fired. */
  readonly refused: number
  /** What `loaded` counts. */
  readonly values: readonly Preloaded[]
}
