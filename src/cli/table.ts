/** Rows in aligned columns, indented. */
import { stripVTControlCharacters } from 'node:util'
import type { Paint } from './paint.ts'
import { padTo, widthOf } from './text-width.ts'

/** The first column is dim; the last one is not padded. */
export function columns(rows: readonly (readonly string[])[], paint: Paint): readonly string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, widthOf(cell))
  }
  return rows.map((row) => {
    const cells = row.map((cell, at) => {
      const isLast = at === row.length - 1
      const padded = isLast ? cell : padTo(cell, widths[at] ?? 0, 'left')
      return at === 0 ? paint('dim', padded) : padded
    })
    return `  ${cells.join('  ')}`
  })
}

/** Rows under titles; the first column to the left, numbers to the right. */
export function gridLines(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): readonly string[] {
  const widths = titles.map((title, at) => {
    return Math.max(title.length, ...rows.map((row) => widthOf(row[at] ?? '')))
  })
  const isNumeric = titles.map((_title, at) => {
    return at > 0 && rows.every((row) => /^[~–\d]/.test(stripVTControlCharacters(row[at] ?? '–')))
  })
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((cell, at) => {
      return padTo(cell, widths[at] ?? 0, isNumeric[at] === true ? 'right' : 'left')
    })
    return `  ${padded.join('  ')}`.trimEnd()
  }
  return [paint('dim', line(titles)), ...rows.map(line)]
}
