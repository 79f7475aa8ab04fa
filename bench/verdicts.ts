/** The bars of a report, of contests and studies alike: reached or missed, with figures. */
import type { ContestResult } from './contest-result.ts'
import type { Measured } from './report.ts'
import type { StudyResult } from './study.ts'

export interface Verdict {
  /** The scenario that it belongs to. */
  readonly scenario: string
  readonly title: string
  /** What is compared with what. */
  readonly what: string
  /** Absent: it could not be measured. */
  readonly figure?: number
  readonly max: number
  readonly isReached: boolean
  /** Where we want to be, beyond what must be. */
  readonly isAim: boolean
}

export function verdictsOf(measured: readonly Measured[]): readonly Verdict[] {
  return measured.flatMap(({ name, contests, study }) => [
    ...contests.flatMap((contest) => ofContest(name, contest)),
    ...(study === undefined ? [] : ofStudy(name, study)),
  ])
}

function ofContest(scenario: string, { title, bars }: ContestResult): readonly Verdict[] {
  return bars.map(({ contestant, against, ratio, ratioMax, isReached, isAim = false }) => ({
    scenario,
    title,
    what: `CPU of ${contestant} to ${against}`,
    ...(ratio !== undefined && { figure: ratio }),
    max: ratioMax,
    isReached,
    isAim,
  }))
}

function ofStudy(scenario: string, { title, bars }: StudyResult): readonly Verdict[] {
  return bars.map(({ what, figure, max, isReached }) => ({
    scenario,
    title,
    what,
    ...(Number.isFinite(figure) && { figure }),
    max,
    isReached,
    isAim: false,
  }))
}
