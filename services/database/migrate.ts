/**
 * Brings the database up to date. All of it is one transaction under an advisory lock that ends
 * with it, so several processes may start at once, and a transaction pooler is no obstacle.
 */
import { sql } from 'drizzle-orm'
import { Closing } from '../process/closing.ts'
import type { ServiceLogger } from '../process/logger.ts'
import { migrationBounds } from './bounds.ts'
import { type Database, openDatabase, type Transaction } from './connection.ts'
import { type Migration, migrations } from './migrations/index.ts'

/** Any number that no other program uses for an advisory lock of this database. */
const lockNumber = 7_310_501

/** On a connection of its own: an address past a pooler, which may end what takes long. */
export async function migrateAt(
  databaseUrl: string,
  log: ServiceLogger,
  wanted: readonly Migration[] = migrations,
): Promise<void> {
  const closing = new Closing()
  try {
    const bounds = migrationBounds
    await migrate(openDatabase({ databaseUrl, poolMax: 1, bounds, log, closing }), wanted)
  } finally {
    await closing.close()
  }
}

/** Returns the numbers of the migrations that it ran. */
export async function migrate(
  database: Database,
  wanted: readonly Migration[] = migrations,
): Promise<number[]> {
  return database.transaction(async (transaction) => {
    await transaction.execute(sql`select pg_advisory_xact_lock(${lockNumber})`)
    const done = await doneMigrations(transaction)
    const missing = wanted.filter((migration) => !done.has(migration.number))
    for (const migration of missing) await run(transaction, migration)
    return missing.map((migration) => migration.number)
  })
}

async function doneMigrations(transaction: Transaction): Promise<Set<number>> {
  await transaction.execute(sql`
    create table if not exists migrations (
      number integer primary key, name text not null, ran_at timestamptz not null default now()
    )`)
  const { rows } = await transaction.execute<{ number: number }>(sql`select number from migrations`)
  return new Set(rows.map((row) => row.number))
}

async function run(transaction: Transaction, { number, name, sql: text }: Migration) {
  await transaction.execute(sql.raw(text))
  await transaction.execute(sql`insert into migrations (number, name) values (${number}, ${name})`)
}
