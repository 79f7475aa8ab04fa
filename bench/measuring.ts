/** One scenario from its start to its tables; what fails is named, and the rest goes on. */
import type { ContestResult } from './contest-result.ts'
import { type Pace, runContest } from './contest-run.ts'
import type { Scenario, Stage } from './contestant.ts'
import { type Failure, reasonOf } from './failure.ts'
import type { Measured } from './report.ts'
import type { Study } from './study.ts'
import { studyTableOf } from './study-table.ts'
import { failureLines, tableOf } from './table.ts'

const paces: Readonly<Record<Measured['mode'], Pace>> = {
  full: { rounds: 15, warmUpRounds: 3, share: 1 },
  quick: { rounds: 7, warmUpRounds: 2, share: 0.5 },
}

export interface Measuring {
  readonly mode: Measured['mode']
  readonly measuredAt: string
  readonly tell: (line: string) => void
}

export function measure(
  scenario: Scenario | Study,
  stage: Stage,
  measuring: Measuring,
): Promise<Measured> {
  return 'study' in scenario
    ? measureStudy(scenario, stage, measuring)
    : measureContests(scenario, stage, measuring)
}

async function measureContests(
  { name, contests }: Scenario,
  stage: Stage,
  { mode, measuredAt, tell }: Measuring,
): Promise<Measured> {
  const results: ContestResult[] = []
  const failures: Failure[] = []
  for (const contest of contests(stage)) {
    try {
      const result = await runContest(contest, paces[mode])
      tell(`\n${tableOf(result)}`)
      results.push(result)
    } catch (error) {
      const failure = { name: contest.title, reason: reasonOf(error) }
      tell(`\n${failureLines([failure]).join('\n')}`)
      failures.push(failure)
    }
  }
  return { name, measuredAt, mode, contests: results, failures }
}

async function measureStudy(
  study: Study,
  stage: Stage,
  { mode, measuredAt, tell }: Measuring,
): Promise<Measured> {
  const { name } = study
  const contests: readonly ContestResult[] = []
  try {
    const result = await study.study(stage, mode === 'quick')
    tell(`\n${studyTableOf(result)}`)
    return { name, measuredAt, mode, contests, study: result, failures: [] }
  } catch (error) {
    const failures = [{ name, reason: reasonOf(error) }]
    tell(`\n${failureLines(failures).join('\n')}`)
    return { name, measuredAt, mode, contests, failures }
  }
}
