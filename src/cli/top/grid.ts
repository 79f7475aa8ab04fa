/** A table that fits the screen: what matters least is left out where room is short. */
import { cutTo, padTo, widthOf } from '../text-width.ts'
import type { Line, Span, Style } from './frame.ts'

export interface Column {
  readonly title: string
  /** Of its cells; the first column has at least so much, and what is left. */
  readonly width: number
  /** 1 stays the longest. */
  readonly rank: number
  /** Texts to the left, numbers to the right. */
  readonly side: 'left' | 'right'
}

export interface CellText {
  readonly text: string
  readonly style?: Style
  /** What the column is sorted by; absent: it can't be. */
  readonly value?: number | string
}

export interface Table {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly CellText[])[]
  /** Shown instead of rows. */
  readonly empty: string
}

export interface Shown {
  /** Of the columns that can be sorted by. */
  readonly sort: number
  readonly isReversed: boolean
  readonly filter: string
  readonly columns: number
  readonly rows: number
}

const gap = 1

export function gridLinesOf(table: Table, shown: Shown): readonly Line[] {
  const wanted = filtered(table, shown.filter)
  const sortable = sortableColumns(table)
  const sortedBy = sortable.length === 0 ? -1 : (sortable[shown.sort % sortable.length] ?? -1)
  const rows = sorted(wanted, sortedBy, shown.isReversed).slice(0, Math.max(0, shown.rows - 1))
  const kept = fitting(table.columns, shown.columns, sortedBy)
  const widths = widthsOf(table.columns, kept, shown.columns)
  const head = kept.map((at, index): Span => {
    const column = table.columns[at]
    const title =
      at === sortedBy ? `${column?.title}${shown.isReversed ? '▲' : '▼'}` : column?.title
    const text = padTo(
      cutTo(title ?? '', widths[index] ?? 0),
      widths[index] ?? 0,
      column?.side ?? 'left',
    )
    return { text: spaced(text, index), style: 'inverse' }
  })
  if (rows.length === 0)
    return [filledHead(head, shown.columns), [], [{ text: `  ${table.empty}`, style: 'dim' }]]
  return [
    filledHead(head, shown.columns),
    ...rows.map((row) => lineOf(row, { table, kept, widths })),
  ]
}

/** By index; the first column with numbers comes first. */
export function sortableColumns({ columns, rows }: Table): readonly number[] {
  const found = columns.flatMap((_column, at) => {
    return rows.some((row) => row[at]?.value !== undefined) ? [at] : []
  })
  return [...found.filter((at) => at > 0), ...found.filter((at) => at === 0)]
}

function filtered({ rows }: Table, filter: string): readonly (readonly CellText[])[] {
  const wanted = filter.toLowerCase()
  if (wanted === '') return rows
  return rows.filter((row) => row.some(({ text }) => text.toLowerCase().includes(wanted)))
}

function sorted(
  rows: readonly (readonly CellText[])[],
  by: number,
  isReversed: boolean,
): readonly (readonly CellText[])[] {
  if (by < 0) return rows
  const inOrder = [...rows].sort((left, right) => compared(left[by]?.value, right[by]?.value))
  return isReversed ? inOrder.reverse() : inOrder
}

/** Numbers from the largest, texts by the alphabet; nothing comes last. */
function compared(left: CellText['value'], right: CellText['value']): number {
  if (left === undefined || right === undefined)
    return (left === undefined ? 1 : 0) - (right === undefined ? 1 : 0)
  if (typeof left === 'number' && typeof right === 'number') return right - left
  return String(left) < String(right) ? -1 : 1
}

/** By index, in their order. What it is sorted by stays. */
function fitting(columns: readonly Column[], width: number, sortedBy: number): readonly number[] {
  let kept = columns.map((_column, at) => at)
  const needed = () => {
    const rest = kept.slice(1).reduce((sum, at) => sum + (columns[at]?.width ?? 0) + gap, 0)
    return rest + (columns[0]?.width ?? 0)
  }
  while (needed() > width && kept.length > 1) {
    const rankOf = (at: number) => (at === sortedBy ? 0 : (columns[at]?.rank ?? 0))
    const least = kept.slice(1).reduce((worst, at) => (rankOf(at) > rankOf(worst) ? at : worst))
    kept = kept.filter((at) => at !== least)
  }
  return kept
}

function widthsOf(
  columns: readonly Column[],
  kept: readonly number[],
  width: number,
): readonly number[] {
  const rest = kept.slice(1).map((at) => columns[at]?.width ?? 0)
  const left = width - rest.reduce((sum, one) => sum + one + gap, 0)
  return [Math.max(1, left), ...rest]
}

interface Layout {
  readonly table: Table
  readonly kept: readonly number[]
  readonly widths: readonly number[]
}

function lineOf(row: readonly CellText[], { table, kept, widths }: Layout): Line {
  return kept.map((at, index): Span => {
    const { text = '', style = 'plain' } = row[at] ?? {}
    const width = widths[index] ?? 0
    const cell = padTo(cutTo(text, width), width, table.columns[at]?.side ?? 'left')
    return { text: spaced(cell, index), style }
  })
}

function spaced(text: string, index: number): string {
  return index === 0 ? text : `${' '.repeat(gap)}${text}`
}

function filledHead(head: Line, columns: number): Line {
  const used = head.reduce((sum, { text }) => sum + widthOf(text), 0)
  return [...head, { text: ' '.repeat(Math.max(0, columns - used)), style: 'inverse' }]
}
