/** What a run found: the document of `--json`, from which the text is made as well. */
import type { HistoryVerdict } from '../../testing/index.ts'
import type { SkippedFault } from './nemesis.ts'

/** Rises when a field changes its meaning or goes. */
export const schemaVersion = 1

/**
 * `violated`: a promise was broken. `incomplete`: none was seen broken, but not all was tried.
 * `coherent`: everything was tried and nothing was broken.
 */
export type Verdict = 'coherent' | 'violated' | 'incomplete'

export interface CheckResult {
  readonly schemaVersion: typeof schemaVersion
  readonly command: 'verify'
  readonly verdict: Verdict
  /** Why it is incomplete. */
  readonly missing: readonly string[]
  readonly boundMs: number
  readonly history: HistoryVerdict
  /** What led to the first violations. */
  readonly evidence: readonly (readonly string[])[]
}

export interface Spread {
  readonly count: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

export interface Failure {
  readonly what: string
  readonly times: number
}

export interface RunResult extends CheckResult {
  readonly target: string
  readonly processes: number
  readonly seconds: number
  readonly operations: number
  readonly invalidations: number
  /** Of those, how many Redis could not be told at once. */
  readonly pending: number
  /** From the call to its arrival in the memory of another process. */
  readonly invalidationLag: Spread
  readonly untrusted: {
    /** Of all processes together. */
    readonly ms: number
    readonly share: number
    readonly losses: number
  }
  readonly faults: {
    readonly ran: readonly { readonly name: string; readonly times: number }[]
    readonly skipped: readonly SkippedFault[]
  }
  /** What should not have happened, besides. */
  readonly failures: readonly Failure[]
  /** The folder of the recorded history, if it was asked for. */
  readonly recorded: string | null
}

export function verdictOf(violations: number, missing: readonly string[]): Verdict {
  if (violations > 0) return 'violated'
  return missing.length > 0 ? 'incomplete' : 'coherent'
}
