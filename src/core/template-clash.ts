/**
 * Decides if two templates could yield the same key.
 *
 * Each template is a row of cells: a literal character, one character of a set, or any
 * number of characters of a set. Two rows clash if one text fits both, which a search
 * over pairs of places decides: both rows advance together over characters they share,
 * and a repeated cell may be left at any time. Sets are a little wider than what values
 * really yield (`%%` is no encoded text), so the answer errs on the side of a clash.
 */
import { isEncodedCharacter } from '../base/percent.ts'
import type { Parameter, TemplateSyntax } from './template-syntax.ts'

interface Cell {
  /** A literal character, or the name of a set. */
  readonly accepts: string | typeof TEXT | typeof SIGN | typeof DIGITS
  readonly isRepeated: boolean
}
const TEXT: unique symbol = Symbol('characters of encoded texts')
const SIGN: unique symbol = Symbol('first character of an integer')
const DIGITS: unique symbol = Symbol('digits')

export function canClash(left: TemplateSyntax, right: TemplateSyntax): boolean {
  const rows: Rows = { left: cellsOf(left), right: cellsOf(right) }
  const width = rows.right.length + 1
  const seen = new Set<number>([0])
  // Grows while it is walked; every pair of places enters once.
  for (const place of seen) {
    const [row, column] = [Math.floor(place / width), place % width]
    if (row === rows.left.length && column === rows.right.length) return true
    for (const [nextRow, nextColumn] of steps(rows, row, column)) {
      seen.add(nextRow * width + nextColumn)
    }
  }
  return false
}

interface Rows {
  readonly left: readonly Cell[]
  readonly right: readonly Cell[]
}

function steps(rows: Rows, row: number, column: number): [number, number][] {
  const left = rows.left[row]
  const right = rows.right[column]
  const next: [number, number][] = []
  if (left?.isRepeated) next.push([row + 1, column])
  if (right?.isRepeated) next.push([row, column + 1])
  if (left && right && overlap(left.accepts, right.accepts)) {
    next.push([left.isRepeated ? row : row + 1, right.isRepeated ? column : column + 1])
  }
  return next
}

function cellsOf({ head, parameters }: TemplateSyntax): readonly Cell[] {
  return [...literalCells(head), ...parameters.flatMap(parameterCells)]
}

function parameterCells({ type, after }: Parameter): Cell[] {
  const values: Cell[] =
    type === 'string'
      ? [{ accepts: TEXT, isRepeated: true }]
      : [
          { accepts: SIGN, isRepeated: false },
          { accepts: DIGITS, isRepeated: true },
        ]
  return [...values, ...literalCells(after)]
}

function literalCells(text: string): Cell[] {
  return [...text].map((accepts) => ({ accepts, isRepeated: false }))
}

function overlap(left: Cell['accepts'], right: Cell['accepts']): boolean {
  if (typeof left === 'string') {
    return typeof right === 'string' ? left === right : isIn(left, right)
  }
  // All three sets contain the digits.
  return typeof right === 'string' ? isIn(right, left) : true
}

function isIn(character: string, set: typeof TEXT | typeof SIGN | typeof DIGITS): boolean {
  if (set === TEXT) return isEncodedCharacter(character)
  return set === SIGN ? /^[-\d]$/.test(character) : /^\d$/.test(character)
}
