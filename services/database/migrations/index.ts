/** All migrations, in the order in which they run. A released one is never changed. */
import { tables } from './0001-tables.ts'
import { userStats } from './0002-user-stats.ts'
import { userRevision } from './0003-user-revision.ts'
import { positionLimits } from './0004-position-limits.ts'

export interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
}

export const migrations: readonly Migration[] = [
  { number: 1, name: 'tables', sql: tables },
  { number: 2, name: 'user-stats', sql: userStats },
  { number: 3, name: 'user-revision', sql: userRevision },
  { number: 4, name: 'position-limits', sql: positionLimits },
]
