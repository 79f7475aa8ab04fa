/** All migrations, in the order in which they run. A released one is never changed. */
import { tables } from './0001-tables.ts'

export interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
}

export const migrations: readonly Migration[] = [{ number: 1, name: 'tables', sql: tables }]
