/** The result of a study as a table for the terminal. */

import type { StudyBar, StudyResult } from './study.ts'
import { aligned, failureLines, shortNumber } from './table.ts'

export function studyTableOf(result: StudyResult): string {
  const { title, method, columns, rows, bars, failures = [] } = result
  const table = rows.map(({ name, figures }) => [name, ...figures.map(figureText)])
  const lines = aligned([['', ...columns], ...table])
  return [title, `  ${method}`, ...lines, ...bars.map(barText), ...failureLines(failures)].join(
    '\n',
  )
}

function figureText(figure: number | string): string {
  return typeof figure === 'string' ? figure : shortNumber(figure)
}

function barText({ what, figure, max, isReached }: StudyBar): string {
  return `  ${isReached ? 'reached' : 'MISSED '} ${shortNumber(figure)} of ≤ ${max}  ${what}`
}
