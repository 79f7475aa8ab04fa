/** The result of a campaign, for people. */
import { tallied } from 'staleproof/testing'
import type { Result } from './campaign.ts'

export function resultLines(result: Result): readonly string[] {
  const { runs, operations, seconds, tally, blind, failures } = result
  const counted = tallied.map((name) => {
    const perHundred = (tally[name] / Math.max(1, runs)) * 100
    const total = String(tally[name]).padStart(10)
    return `  ${name.padEnd(14)} ${total}   ${perHundred.toFixed(1)} in 100 runs`
  })
  return [
    `${runs} runs, ${operations} operations in ${seconds.toFixed(1)} s`,
    ...counted,
    ...blind.map((what) => `blind: ${what}`),
    ...failures.flatMap(({ command, violations, story, shrunk }) => [
      `FAILED: ${command}`,
      ...violations.map((line) => `  ${line}`),
      ...story.map((line) => `  ${line}`),
      `  the shortest that still fails: ${shrunk}`,
    ]),
    result.isClean ? 'no violation' : `${failures.length} failed, ${blind.length} blind`,
  ]
}
