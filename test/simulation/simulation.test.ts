import { faultKinds } from 'staleproof/testing'
import { expect, test } from 'vitest'
import { jobsOf } from './arguments.ts'
import { Campaign } from './campaign.ts'
import { regressions } from './regressions.ts'
import { resultLines } from './result.ts'

const seedsPerKind = 200
/** An eighth of what `npm run simulate` does in a run: continuous integration has three minutes. */
const operations = 80
const deadlineMs = 600_000

test('what once went wrong does not any more', { timeout: deadlineMs }, async () => {
  const result = await new Campaign({ jobs: regressions, count: regressions.length }).run()
  expect(result.failures).toEqual([])
})

test(`no fault of ${faultKinds.length} kinds breaks the promise in ${seedsPerKind} seeds each`, {
  timeout: deadlineMs,
}, async () => {
  const count = seedsPerKind * faultKinds.length
  const jobs = jobsOf(faultKinds, { from: 0, count }, { operations })
  const result = await new Campaign({ jobs, count }).run()
  console.log(resultLines(result).join('\n'))
  expect(result).toMatchObject({ isClean: true, runs: count })
})
