/** Tasks as callers register them, and what is known of each. */
import type { Duration } from '../base/duration.ts'
import type { PreloadRequest, PreloadResult } from './preload.ts'

/** What a task may spend; all tasks and preloads of one warmer share it. */
export interface WarmBudget {
  /** Loads what is not there; what can't be loaded is counted, never thrown. */
  preload(request: PreloadRequest): Promise<PreloadResult>
}
/** Something to be kept warm. */
export interface WarmTask {
  readonly name: string
  /** True: a failure is logged as a warning, else for debugging. */
  readonly critical: boolean
  /** Default: that of the warmer. */
  readonly every?: Duration | undefined
  /** When its signal fires and it counts as failed. Default 1 min. */
  readonly deadline?: Duration | undefined
  readonly run: (signal: AbortSignal, budget: WarmBudget) => unknown
}
/** One task in this process. An execution succeeds, fails, is interrupted, or still runs. */
export interface TaskReport {
  readonly name: string
  readonly critical: boolean
  readonly executions: number
  readonly successes: number
  readonly failures: number
  /** Because the warmer was closed, or another process was elected meanwhile. */
  readonly interrupted: number
  /** Times at which it was due and another process did it. */
  readonly skippedElsewhere: number
  /** Times at which it was due and nobody could be elected, because Redis was down. */
  readonly skippedUnreachable: number
  readonly isRunning: boolean
  /** Milliseconds since 1970 by this machine; undefined: never. */
  readonly lastRunMs: number | undefined
  readonly lastSuccessMs: number | undefined
  readonly lastDurationMs: number | undefined
  readonly lastError: string | undefined
}
