/** The result of a contest as a table for the terminal. */
import type { BarResult, ContestantResult, ContestResult } from './contest-result.ts'
import type { Failure } from './failure.ts'
import type { Spread } from './statistics.ts'

type Row = readonly string[]

/** Wins and losses alike; a contestant with several bars has a line for each. */
export function tableOf(result: ContestResult): string {
  const head = ['', `CPU µs/${result.unit}`, '(min – max)', 'per second', '× base', 'bar']
  const rows = result.contestants.flatMap((contestant) => rowsOf(contestant, result))
  const repeated = result.repeatedRounds > 0 ? `, ${result.repeatedRounds} repeated` : ''
  const title = `${result.title}  (${result.rounds} rounds${repeated})`
  return [title, ...aligned([head, ...rows]), ...failureLines(result.failures)].join('\n')
}

/** Nobody is left out silently. */
export function failureLines(failures: readonly Failure[]): readonly string[] {
  return failures.map(({ name, reason }) => `  FAILED  ${name}: ${reason}`)
}

function rowsOf(contestant: ContestantResult, { base, bars }: ContestResult): readonly Row[] {
  const { name, cpuMicros, operationsPerSecond, ratio } = contestant
  const [first = '', ...others] = bars
    .filter((bar) => bar.contestant === name)
    .map((bar) => barText(bar, base))
  const row = [
    name === base ? `${name} (base)` : name,
    shortNumber(cpuMicros.median),
    spreadText(cpuMicros),
    Math.round(operationsPerSecond.median).toLocaleString('en-US'),
    ratio.median.toFixed(2),
    first,
  ]
  return [row, ...others.map((text) => ['', '', '', '', '', text])]
}

function barText({ ratio, ratioMax, against, isReached, isAim }: BarResult, base: string): string {
  const other = against === base ? 'base' : against
  const verdict = isReached ? 'reached' : isAim ? 'aim not reached' : 'MISSED '
  const figure = ratio === undefined ? 'not measured' : ratio.toFixed(2)
  return `${verdict} ${figure} of ≤ ${ratioMax} × ${other}`
}

function spreadText({ min, max }: Spread): string {
  return `(${shortNumber(min)} – ${shortNumber(max)})`
}

/** Three digits that matter. */
export function shortNumber(number: number): string {
  if (number === 0) return '0'
  if (number >= 100) return String(Math.round(number))
  return number.toFixed(number >= 10 ? 1 : number >= 1 ? 2 : 3)
}

/** Texts to the left, numbers to the right. */
export function aligned(rows: readonly Row[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows.map((row) => {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0
      const isText = column === 0 || column === row.length - 1
      return isText ? cell.padEnd(width) : cell.padStart(width)
    })
    return `  ${cells.join('  ').trimEnd()}`
  })
}
