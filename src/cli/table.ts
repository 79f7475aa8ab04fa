/** Rows in aligned columns, indented. */
import { stripVTControlCharacters } from 'node:util'
import type { Paint } from './paint.ts'

/** The first column is dim; the last one is not padded. */
export function columns(rows: readonly (readonly string[])[], paint: Paint): readonly string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, widthOf(cell))
  }
  return rows.map((row) => {
    const cells = row.map((cell, at) => {
      const isLast = at === row.length - 1
      const padded = isLast ? cell : cell + ' '.repeat((widths[at] ?? 0) - widthOf(cell))
      return at === 0 ? paint('dim', padded) : padded
    })
    return `  ${cells.join('  ')}`
  })
}

function widthOf(cell: string): number {
  return stripVTControlCharacters(cell).length
}
