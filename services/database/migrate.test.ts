import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPostgres } from '../../test/servers/postgres.ts'
import { Closing } from '../process/closing.ts'
import { silentLogger } from '../process/logger.ts'
import { type Database, openDatabase } from './connection.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/index.ts'

let database: Database
const closing = new Closing()

beforeAll(async () => {
  const server = await startPostgres()
  closing.add(() => server.stop())
  database = openDatabase({ databaseUrl: server.url, log: silentLogger(), closing })
})
afterAll(() => closing.close())

test('processes that start together run each migration once', async () => {
  const runs = await Promise.all([1, 2, 3].map(() => migrate(database)))
  const numbers = migrations.map((migration) => migration.number)
  expect(runs.flat()).toEqual(numbers)
  expect(await migrate(database)).toEqual([])
})

test('a migration that fails leaves nothing behind', async () => {
  const broken = { number: 9_001, name: 'broken', sql: 'create table half (a int); select 1 / 0' }
  await expect(migrate(database, [broken])).rejects.toThrow()
  const { rows } = await database.execute(sql`select to_regclass('half') as half`)
  expect(rows).toEqual([{ half: null }])
})
