/** The migrations of this service. Their numbers begin above those of the trading services. */
import type { Migration } from '../../database/migrations/index.ts'
import { tables } from './1001-tables.ts'

export const productsMigrations: readonly Migration[] = [
  { number: 1_001, name: 'products tables', sql: tables },
]
