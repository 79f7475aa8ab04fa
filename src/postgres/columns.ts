/**
 * Columns of a row as both paths deliver them: text, or null. What a mapping function gets
 * is made here, so that triggers and the log of the server mean the same.
 */
import { describe } from '../core/describe.ts'
import { StaleproofError } from '../core/errors.ts'
import { isFields } from '../core/option-checks.ts'

interface ColumnTypes {
  int: number
  'int?': number | undefined
  string: string
  'string?': string | undefined
}

/** `int`: a safe integer. `string`: the text that the database writes for the value. */
export type Columns = Readonly<Record<string, keyof ColumnTypes>>

/** What a mapping function is given. */
export type Row<C extends Columns> = { readonly [K in keyof C]: ColumnTypes[C[K]] }

/** The columns of one row, as text. */
export type RowText = Readonly<Record<string, string | null>>

const KINDS: readonly string[] = ['int', 'int?', 'string', 'string?']
const INT = /^-?\d{1,16}$/

/** Throws `SP_OPTION_INVALID`. */
export function columnsIn(where: string, given: unknown): Columns {
  const expected = `columns with one of ${KINDS.join(', ')} each`
  if (!isFields(given)) throw refused(where, expected, given)
  const columns: Record<string, keyof ColumnTypes> = {}
  for (const [name, kind] of Object.entries(given)) {
    if (!isKind(kind)) throw refused(`${where}: column '${name}'`, expected, kind)
    columns[name] = kind
  }
  return Object.freeze(columns)
}

/** The row of a mapping function. Throws `SP_OPTION_INVALID` for what a column can't be. */
export function rowOf(columns: Columns, text: RowText): Readonly<Record<string, unknown>> {
  const row: Record<string, unknown> = {}
  for (const [name, kind] of Object.entries(columns)) row[name] = fieldOf(name, kind, text[name])
  return row
}

function fieldOf(name: string, kind: keyof ColumnTypes, text: string | null | undefined): unknown {
  const where = `column '${name}'`
  if (text === undefined) throw refused(where, 'to be delivered with the row', text)
  if (text === null) {
    if (kind.endsWith('?')) return undefined
    throw refused(where, `a value, or '${kind}?' in the mapping`, text)
  }
  if (kind.startsWith('string')) return text
  const value = Number(text)
  if (INT.test(text) && Number.isSafeInteger(value)) return value
  throw refused(where, 'a safe integer', text)
}

function isKind(kind: unknown): kind is keyof ColumnTypes {
  return typeof kind === 'string' && KINDS.includes(kind)
}

function refused(where: string, expected: string, value: unknown): StaleproofError {
  const details = { expected, received: describe(value) }
  return new StaleproofError('SP_OPTION_INVALID', where, details)
}
