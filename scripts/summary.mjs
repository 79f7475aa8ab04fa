/**
 * The last line of `.ci/run`: `N passed, N failed, N skipped`, tests and checks of the tour
 * together. Reads `tests.json` (vitest's report) and `tour.log` from the folder given first;
 * the other arguments name steps that failed. What failed is listed above that line. Exits
 * with 1 if anything failed; a report that is not there is a failure.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const testStep = 'npm test'
const tourStep = 'npm start -- --tour'

const [folder = '.', ...failedSteps] = process.argv.slice(2)
const tests = testCounts(join(folder, 'tests.json'))
const tour = tourCounts(join(folder, 'tour.log'))
// Failed tests explain a failed step; only a step that fails without them counts by itself.
const unexplained = failedSteps.filter((step) => {
  if (step === testStep) return tests.failures.length === 0
  return step !== tourStep || tour.failed === 0
})
// A run without failed steps has both reports: one that is missing or empty is a failure.
if (failedSteps.length === 0) {
  if (tests.passed === 0) unexplained.push('no report of the tests')
  if (tour.passed === 0) unexplained.push('no report of the tour')
}
const passed = tests.passed + tour.passed
const failed = tests.failures.length + tour.failed + unexplained.length
const skipped = tests.skipped + tour.skipped

console.log('')
for (const failure of tests.failures) console.log(`failed test: ${failure}`)
if (tour.failed > 0) console.log(`failed checks of the tour: ${tour.failed}`)
for (const step of unexplained) console.log(`failed step: ${step}`)
console.log(
  `tests: ${tests.passed} passed, ${tests.failures.length} failed, ${tests.skipped} skipped`,
)
console.log(`tour: ${tour.passed} passed, ${tour.failed} failed, ${tour.skipped} skipped`)
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exitCode = failed === 0 ? 0 : 1

/** A file that could not be loaded has no tests of its own: it counts as one that failed. */
function testCounts(path) {
  const counts = { passed: 0, skipped: 0, failures: [] }
  if (!existsSync(path)) return counts
  for (const file of JSON.parse(readFileSync(path, 'utf8')).testResults) {
    const name = relative(process.cwd(), file.name)
    const before = counts.failures.length
    for (const { status, fullName } of file.assertionResults) {
      if (status === 'passed') counts.passed++
      else if (status === 'failed') counts.failures.push(`${name}: ${fullName}`)
      else counts.skipped++
    }
    const isLost = file.status === 'failed' && counts.failures.length === before
    if (isLost) counts.failures.push(`${name}: ${file.message || 'the file itself'}`)
  }
  return counts
}

/** Its last line of the form `tour: N passed, N failed`, with or without skipped ones. */
function tourCounts(path) {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const found = [...text.matchAll(/tour: (\d+) passed, (\d+) failed(?:, (\d+) skipped)?/g)].at(-1)
  const [passed = 0, failed = 0, skipped = 0] = (found ?? [])
    .slice(1)
    .map((part) => Number(part ?? 0))
  return { passed, failed, skipped }
}
