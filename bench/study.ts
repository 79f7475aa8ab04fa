/** A scenario that is no contest of CPU time: figures of its own kind, in one table. */
import type { Stage } from './contestant.ts'
import type { Failure } from './failure.ts'
import type { Spread } from './statistics.ts'

/** A bar in numbers; lower is better. */
export interface StudyBar {
  /** What is compared with what. */
  readonly what: string
  readonly figure: number
  readonly max: number
  readonly isReached: boolean
}

export interface StudyRow {
  readonly name: string
  /** Aligned with the columns. */
  readonly figures: readonly (number | string)[]
  /** Over the rounds, of what is plotted. */
  readonly spread?: Spread
}

export interface StudyResult {
  readonly title: string
  /** How it was measured, in a sentence. */
  readonly method: string
  readonly columns: readonly string[]
  /** The column that the page draws. Default: the first. */
  readonly plotted?: string
  readonly rows: readonly StudyRow[]
  readonly bars: readonly StudyBar[]
  readonly failures?: readonly Failure[]
}

export interface Study {
  readonly name: string
  /** True: it resets or burdens the server too much for one that others use. */
  readonly needsOwnRedis: boolean
  study(stage: Stage, isQuick: boolean): Promise<StudyResult>
}

export function barOf(what: string, figure: number, max: number): StudyBar {
  return { what, figure, max, isReached: figure <= max }
}
