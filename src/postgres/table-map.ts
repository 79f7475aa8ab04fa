/**
 * Which rows of the database make which keys old: written beside the catalog, typed by it.
 * No cache is needed to declare it. Each table names
 *
 *   columns    what is taken of a row; nothing else leaves the table
 *   touches    a row → keys, tags and families; for an UPDATE it is asked about the row as
 *              it was and as it is, so that a row which moves reaches both owners
 *   families   all that is made from this table: cleared when the rows are not known
 *              (TRUNCATE, too many changes at once, a `touches` that throws)
 */

import type { Catalog, Families } from '../core/catalog.ts'
import { describe } from '../core/describe.ts'
import { StaleproofError } from '../core/errors.ts'
import type { FamilyId } from '../core/family.ts'
import { type AuthorFunction, fieldsOf, functionIn, isFields } from '../core/option-checks.ts'
import type { IdArgs } from '../core/template-types.ts'
import { type Columns, columnsIn, type Row } from './columns.ts'

/** What a row makes old. Made by `key`, `tag` and `all`. */
export type Target =
  | { readonly kind: 'key'; readonly family: string; readonly id: unknown }
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'family'; readonly family: string }

/** What a mapping function can name. */
export interface Targets<F extends Families> {
  /** One key: `key.positions(7)`. */
  readonly key: { readonly [K in keyof F]: (...id: IdArgs<FamilyId<F[K]>>) => Target }
  /** One tag: `tag('user:7')`. */
  readonly tag: (tag: string) => Target
  /** A whole family: `all.leaderboard`. */
  readonly all: { readonly [K in keyof F]: Target }
}

/** One table: what of its rows is needed, and what they make old. */
export interface TableOptions<F extends Families, C extends Columns> {
  /** By name. A column that may be null ends in `?`; its null is `undefined`. */
  readonly columns: C
  /** Every family whose values are made from this table. */
  readonly families: readonly (keyof F & string)[]
  readonly touches: (row: Row<C>, targets: Targets<F>) => Target | readonly Target[]
}

/** A table of the mapping, checked. */
export interface TableRule {
  /** As declared. */
  readonly name: string
  readonly schema: string
  readonly table: string
  readonly columns: Columns
  readonly families: readonly string[]
  /** Throws what the author's function throws. */
  readonly touches: (row: Readonly<Record<string, unknown>>) => readonly Target[]
}

/** What `mapTables` returns; tables by their full name, such as `public.positions`. */
export interface TableMap {
  readonly tables: ReadonlyMap<string, TableRule>
}

/**
 * Declares which rows make which keys old. A table without a schema is in `public`. Throws
 * `SP_OPTION_INVALID` or `SP_OPTION_UNKNOWN`.
 *
 * @example
 * mapTables(catalog, {
 *   positions: {
 *     columns: { user_id: 'int' },
 *     families: ['positions'],
 *     touches: (row, { key }) => key.positions(row.user_id),
 *   },
 * })
 */
export function mapTables<F extends Families, const C extends Readonly<Record<string, Columns>>>(
  catalog: Catalog<F>,
  tables: { readonly [K in keyof C]: TableOptions<F, C[K]> },
): TableMap {
  if (!isFields(tables)) throw refused('a table map', 'an object of tables', tables)
  const names = [...catalog.compiled.keys()]
  const rules = new Map<string, TableRule>()
  for (const [name, options] of Object.entries(tables)) {
    const rule = ruleOf(name, options, names)
    rules.set(`${rule.schema}.${rule.table}`, rule)
  }
  return Object.freeze({ tables: rules })
}

const KNOWN = ['columns', 'families', 'touches']

function ruleOf(name: string, options: unknown, names: readonly string[]): TableRule {
  const where = `table '${name}'`
  const fields = fieldsOf(where, options, KNOWN)
  const touches = functionIn(where, fields, 'touches')
  if (touches === undefined) throw refused(where, "a function 'touches'", fields.touches)
  const families = familiesIn(where, fields.families, names)
  const [schema = '', table = ''] = name.includes('.') ? splitOnce(name) : ['public', name]
  if (schema === '' || table === '') throw refused('a table map', 'a name of a table', name)
  const columns = columnsIn(where, fields.columns)
  const targets = targetsFor(names, families)
  return { name, schema, table, columns, families, touches: wrapped(touches, targets) }
}

function familiesIn(where: string, value: unknown, names: readonly string[]): readonly string[] {
  const isList = Array.isArray(value) && value.length > 0
  if (!isList) throw refused(`${where}: option 'families'`, 'a list of families', value)
  const unknown = value.find((name) => !names.includes(name))
  if (unknown === undefined) return Object.freeze([...value])
  throw refused(`${where}: option 'families'`, `some of ${names.join(', ')}`, unknown)
}

function splitOnce(name: string): readonly string[] {
  const dot = name.indexOf('.')
  return [name.slice(0, dot), name.slice(dot + 1)]
}

/** A family that is not listed is refused: a TRUNCATE would forget it. */
function targetsFor(names: readonly string[], listed: readonly string[]): object {
  const key: Record<string, unknown> = {}
  const all: Record<string, Target> = {}
  for (const family of names) {
    const demand = (): void => {
      if (!listed.includes(family)) throw refused("'families'", `'${family}' among them`, listed)
    }
    key[family] = (id: unknown): Target => {
      demand()
      return { kind: 'key', family, id }
    }
    Object.defineProperty(all, family, {
      enumerable: true,
      get: (): Target => {
        demand()
        return { kind: 'family', family }
      },
    })
  }
  const tag = (name: string): Target => ({ kind: 'tag', tag: name })
  return Object.freeze({ key, tag, all })
}

function wrapped(touches: AuthorFunction, targets: object): TableRule['touches'] {
  return (row) => {
    const touched = touches(row, targets)
    const list = Array.isArray(touched) ? touched : [touched]
    const other = list.findIndex((target) => !isTarget(target))
    if (other === -1) return list.filter(isTarget)
    throw refused("'touches'", 'what key.…(), tag() and all.… return, or a list', list[other])
  }
}

function isTarget(value: unknown): value is Target {
  return isFields(value) && ['key', 'tag', 'family'].includes(String(value.kind))
}

function refused(where: string, expected: string, value: unknown): StaleproofError {
  const details = { expected, received: describe(value) }
  return new StaleproofError('SP_OPTION_INVALID', where, details)
}
