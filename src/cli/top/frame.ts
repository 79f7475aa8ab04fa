/**
 * A screen as cells, and the text that turns one screen into the next: only cells that differ
 * are written, so that a screen that hardly changes costs hardly anything, over SSH too.
 */
import { printable } from '../../base/printable.ts'
import { widthOfCharacter } from '../text-width.ts'

export type Style = 'plain' | 'bold' | 'dim' | 'inverse' | 'green' | 'red' | 'yellow'

export interface Span {
  readonly text: string
  readonly style?: Style
}

/** A line of the screen. */
export type Line = readonly Span[]

interface Cell {
  /** Empty: the second half of a wide character. */
  readonly text: string
  readonly style: Style
}

export type Frame = readonly (readonly Cell[])[]

const controlSequence = '\u001b['
const codes: Readonly<Record<Style, string>> = {
  plain: '0',
  bold: '0;1',
  dim: '0;2',
  inverse: '0;7',
  green: '0;32',
  red: '0;31',
  yellow: '0;33',
}
const blank: Cell = { text: ' ', style: 'plain' }

/** Cut and filled to the size of the screen. */
export function frameOf(
  lines: readonly Line[],
  { columns, rows }: { readonly columns: number; readonly rows: number },
): Frame {
  return Array.from({ length: rows }, (_, at) => cellsOf(lines[at] ?? [], columns))
}

/** `before` undefined: nothing is known of the screen. */
export function repaint(before: Frame | undefined, now: Frame, hasColours: boolean): string {
  let text = before === undefined ? `${controlSequence}0m${controlSequence}2J` : ''
  for (const [row, cells] of now.entries()) {
    let at = 0
    while (at < cells.length) {
      if (isSame(before?.[row]?.[at], cells[at])) {
        at++
        continue
      }
      const from = at
      while (at < cells.length && !isSame(before?.[row]?.[at], cells[at])) at++
      text += `${controlSequence}${row + 1};${from + 1}H${run(cells.slice(from, at), hasColours)}`
    }
  }
  return text
}

/** The one place where the terminal gets its text from: nothing here may be obeyed by it. */
function cellsOf(line: Line, columns: number): readonly Cell[] {
  const cells: Cell[] = []
  for (const { text, style = 'plain' } of line) {
    for (const character of printable(text)) {
      const width = widthOfCharacter(character)
      const last = cells.at(-1)
      if (width === 0 && last !== undefined) {
        cells[cells.length - 1] = { text: last.text + character, style: last.style }
      }
      if (width === 0) continue
      if (cells.length + width > columns) return filled(cells, columns)
      cells.push({ text: character, style })
      if (width === 2) cells.push({ text: '', style })
    }
  }
  return filled(cells, columns)
}

function filled(cells: Cell[], columns: number): readonly Cell[] {
  while (cells.length < columns) cells.push(blank)
  return cells
}

function isSame(before: Cell | undefined, now: Cell | undefined): boolean {
  return before?.text === now?.text && before?.style === now?.style
}

function run(cells: readonly Cell[], hasColours: boolean): string {
  let text = ''
  let style: Style | undefined
  for (const cell of cells) {
    const shown = hasColours || !isColour(cell.style) ? cell.style : 'plain'
    if (shown !== style) text += `${controlSequence}${codes[shown]}m`
    style = shown
    text += cell.text
  }
  return `${text}${controlSequence}0m`
}

function isColour(style: Style): boolean {
  return style === 'green' || style === 'red' || style === 'yellow'
}
