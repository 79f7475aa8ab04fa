/** Are the tables and columns of a mapping there? */
import { nearestName } from '../base/nearest-name.ts'
import { StaleproofError } from '../core/errors.ts'
import type { Fields } from '../core/option-checks.ts'
import { rowsOf, type SqlClient } from './sql-client.ts'
import type { TableMap, TableRule } from './table-map.ts'

/** One row for each table; names of columns come as arrays. */
const query = `
  select n.nspname || '.' || c.relname as name, c.relreplident = 'f' as is_full,
    array(select a.attname::text from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
    array(select a.attname::text from pg_index i
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
      where i.indrelid = c.oid and case c.relreplident
        when 'd' then i.indisprimary when 'i' then i.indisreplident else false end) as identity
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and n.nspname || '.' || c.relname = any ($1::text[])`

export interface FoundTable {
  readonly rule: TableRule
  /** The log of the server has these of a row that is changed or removed. */
  readonly oldColumns: readonly string[]
}

/** Throws `SP_TABLE_UNKNOWN`, which names the table or the column. */
export async function findTables(client: SqlClient, map: TableMap): Promise<readonly FoundTable[]> {
  const rows = await rowsOf(client, query, [[...map.tables.keys()]])
  const found = new Map(rows.map((row) => [String(row.name), row]))
  return [...map.tables].map(([name, rule]) => foundTable(rule, name, found.get(name)))
}

function foundTable(rule: TableRule, name: string, row: Fields | undefined): FoundTable {
  if (row === undefined) throw unknown(`There is no table '${name}'`, 'a table of this database')
  const columns = textsOf(row.columns)
  for (const column of Object.keys(rule.columns)) {
    if (columns.includes(column)) continue
    const expected = nearestName(column, columns) ?? columns.join(', ')
    throw unknown(`The table '${name}' has no column '${column}'`, expected)
  }
  return { rule, oldColumns: row.is_full === true ? columns : textsOf(row.identity) }
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function unknown(message: string, expected: string): StaleproofError {
  return new StaleproofError('SP_TABLE_UNKNOWN', message, { expected })
}
