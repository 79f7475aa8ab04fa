/** The table at the end of the tour. */

export interface Row {
  readonly title: string
  readonly isPassed: boolean
  readonly seen: string
}

export function renderTable(rows: readonly Row[]): string {
  return rows
    .map(({ title, isPassed, seen }) => {
      const mark = isPassed ? '✓' : '✗'
      return `  ${mark} ${title}\n      ${seen}`
    })
    .join('\n')
}
