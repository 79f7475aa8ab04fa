/** What tables of `top` are made of: a name, a count, a size, a time. Each is sorted by itself. */
import { printable } from '../../base/printable.ts'
import { shortCount, sizeText, timeText } from '../amounts.ts'
import type { CellText } from './grid.ts'

const unknown: CellText = { text: '–' }

/** Whoever wrote it, it is only text. */
export function nameCell(name: string): CellText {
  return { text: printable(name), value: name }
}

/** Nobody sorts by it. */
export function textCell(text: string): CellText {
  return { text: printable(text) }
}

export function countCell(count: number | undefined): CellText {
  return numberCell(count, shortCount)
}

export function sizeCell(bytes: number | undefined): CellText {
  return numberCell(bytes, sizeText)
}

/** Without a space: columns are narrow. */
export function timeCell(ms: number | undefined): CellText {
  return numberCell(ms, (known) => timeText(known).replace(' ', ''))
}

export function numberCell(value: number | undefined, textOf: (value: number) => string): CellText {
  return value === undefined ? unknown : { text: textOf(value), value }
}
