/** Which tables a text of SQL changes, reads, and what follows from the migrations. */

const verbs = [
  'insert\\s+into',
  'update',
  'delete\\s+from',
  'merge\\s+into',
  'truncate(?:\\s+table)?',
  'copy',
].join('|')
/** Not `for update`, `do update set`, `on update`. */
const noClause = '(?<!\\b(?:for|do|on|no key)\\s+)'
const table = '(?:only\\s+)?"?([a-z_][a-z_.]*)"?'
const changing = new RegExp(`${noClause}\\b(?:${verbs})\\s+${table}`, 'gi')
const reading = new RegExp(`\\b(?:from|join|into|update)\\s+${table}`, 'gi')
const creating =
  /\bcreate\s+table\s+(?:if\s+not\s+exists\s+)?"?([a-z_.]+)"?\s*\(([\s\S]*?)\n\s*\)/gi
/** What makes the database change rows by itself. */
const hidden =
  /\bcreate\s+(?:or\s+replace\s+)?(?:constraint\s+)?(trigger|function|procedure|rule)\b/gi

export interface TableChange {
  readonly table: string
  /** Rows may go, so that rows of other tables follow them. */
  readonly deletes: boolean
}

/** Also words that are no tables: whoever asks knows which ones there are. */
export function changedBySql(text: string): readonly TableChange[] {
  return [...text.matchAll(changing)].map(([statement, table = '']) => {
    return { table, deletes: /^(delete|truncate|merge)/i.test(statement) }
  })
}

export function readBySql(text: string): readonly string[] {
  return [...text.matchAll(reading)].map(([, table = '']) => table)
}

export interface MigrationFacts {
  readonly tables: readonly string[]
  /** Deleting a row of the first changes rows of the second. */
  readonly cascades: readonly (readonly [deleted: string, changed: string])[]
  /** Triggers and functions that it makes. */
  readonly hidden: readonly string[]
  /** Tables whose rows it changes although it has not made them. */
  readonly changed: readonly string[]
}

export function migrationFacts(text: string): MigrationFacts {
  const made = [...text.matchAll(creating)].map(([, table = '', columns = '']) => ({
    table,
    columns,
  }))
  const tables = made.map(({ table }) => table)
  return {
    tables,
    cascades: made.flatMap(({ table, columns }) =>
      [...columns.matchAll(/references\s+([a-z_.]+)[^,]*on\s+delete\s+(?:cascade|set)/gi)].map(
        ([, deleted = '']) => [deleted, table] as const,
      ),
    ),
    hidden: [...text.matchAll(hidden)].map(([, what = '']) => what.toLowerCase()),
    changed: changedBySql(text)
      .map(({ table }) => table)
      .filter((table) => !tables.includes(table)),
  }
}
