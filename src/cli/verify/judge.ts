/** Judges the files of a history without holding it in memory. */
import { StaleproofError } from '../../core/errors.ts'
import { HistoryChecker, type HistoryVerdict, Story, type Violation } from '../../testing/index.ts'
import { recordsOf } from './history-reader.ts'

export interface Judgement {
  readonly verdict: HistoryVerdict
  readonly boundMs: number
  /** What led to the first violations, for people. */
  readonly evidence: readonly (readonly string[])[]
}

/** Shown with their evidence; the others are counted. */
const storiesMax = 3

/** Reads the files two or three times: to learn what was due, to check, to tell. */
export async function judge(paths: readonly string[]): Promise<Judgement> {
  const boundMs = await promisedBound(paths)
  const checker = new HistoryChecker({ boundMs })
  for await (const record of recordsOf(paths)) {
    if (record.kind !== 'promise') checker.learn(record)
  }
  for await (const record of recordsOf(paths)) {
    if (record.kind !== 'promise') checker.check(record)
  }
  const verdict = checker.verdict()
  const evidence = await tell(paths, verdict.violations.slice(0, storiesMax))
  return { verdict, boundMs, evidence }
}

async function promisedBound(paths: readonly string[]): Promise<number> {
  for await (const record of recordsOf(paths)) {
    if (record.kind === 'promise') return record.boundMs
    break
  }
  const expected = 'a first line {"kind":"promise","boundMs":…}'
  throw new StaleproofError('SP_HISTORY_INVALID', 'nothing says what was promised', { expected })
}

async function tell(
  paths: readonly string[],
  violations: readonly Violation[],
): Promise<readonly (readonly string[])[]> {
  if (violations.length === 0) return []
  const stories = violations.map((violation) => new Story(violation))
  for await (const record of recordsOf(paths)) {
    if (record.kind === 'promise') continue
    for (const story of stories) story.learn(record)
  }
  return stories.map((story) => story.lines())
}
