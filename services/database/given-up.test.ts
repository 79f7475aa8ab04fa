// What becomes of a transaction that its caller gives up, and of the connection it had.
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { eventually } from '../../test/servers/eventually.ts'
import { startPostgres } from '../../test/servers/postgres.ts'
import { startProxy } from '../../test/servers/proxy.ts'
import { Closing } from '../process/closing.ts'
import { silentLogger } from '../process/logger.ts'
import { type DatabaseBounds, usualBounds } from './bounds.ts'
import { type Database, openDatabase } from './connection.ts'
import { transactor } from './transact.ts'

let databaseUrl: string
let database: Database
let closing: Closing

beforeEach(async () => {
  closing = new Closing()
  const server = await startPostgres()
  closing.add(() => server.stop())
  databaseUrl = server.url
  database = openPool(usualBounds)
  await database.execute(sql`create table counts (id integer primary key, value integer)`)
  await database.execute(sql`insert into counts values (1, 0), (2, 0), (3, 0)`)
})
afterEach(() => closing.close())

/** Of one connection, so that the next transaction gets that of the one before. */
function openPool(bounds: Partial<DatabaseBounds>, host = new URL(databaseUrl).host): Database {
  const url = new URL(databaseUrl)
  url.host = host
  const all = { ...usualBounds, ...bounds }
  const options = { databaseUrl: url.href, poolMax: 1, bounds: all }
  return openDatabase({ ...options, log: silentLogger(), closing })
}

const add = (id: number) => sql`update counts set value = value + 1 where id = ${id}`

/** Somebody else has the row until the end is called. */
async function heldRow(id: number): Promise<() => Promise<void>> {
  const [end, isOver] = deferred()
  const [held, holding] = deferred()
  const holder = database.transaction(async (transaction) => {
    await transaction.execute(add(id))
    held()
    await isOver
  })
  await holding
  return async () => {
    end()
    await holder
  }
}

function deferred(): [() => void, Promise<void>] {
  let settle = () => {}
  const settled = new Promise<void>((resolve) => {
    settle = resolve
  })
  return [settle, settled]
}

async function values(): Promise<unknown> {
  const { rows } = await database.execute(sql`select value from counts order by id`)
  return rows.map(({ value }) => value)
}

test.each([
  ['the database refuses a lock that is not to be had', { lockMs: 50 }, '55P03'],
  ['the database ends a statement that takes too long', { statementMs: 50 }, '57014'],
  ['no answer comes', { answerMs: 100 }, undefined],
])('where %s, the next to commit does not commit what was given up', async (_, bounds, code) => {
  const pool = openPool(bounds)
  const transact = transactor(pool)
  const endHold = await heldRow(2)
  const givenUp = transact('first', async (transaction) => {
    await transaction.execute(add(1))
    await transaction.execute(add(2))
  })
  const fault = await givenUp.catch((error: Error) => error)
  expect(fault).toMatchObject({ cause: code === undefined ? expect.any(Error) : { code } })
  await endHold()
  await transact('second', (transaction) => transaction.execute(add(3)))
  expect(await values()).toEqual([0, 1, 1])
})

test('a caller who gives up is told why, and not that a rollback failed', async () => {
  const pool = openPool({ answerMs: 100 })
  const endHold = await heldRow(1)
  const givenUp = pool.transaction((transaction) => transaction.execute(add(1)))
  await expect(givenUp).rejects.toMatchObject({ cause: { message: 'Query read timeout' } })
  await endHold()
})

test('a transaction that pauses too long is ended, and its rows are free', async () => {
  const pool = openPool({ idleMs: 50 })
  const [ended, isEnded] = deferred()
  pool.$client.on('remove', () => ended())
  const paused = transactor(pool)('paused', async (transaction) => {
    await transaction.execute(add(1))
    await isEnded
    await transaction.execute(add(1))
  })
  await expect(paused).rejects.toThrow()
  await transactor(pool)('next', (transaction) => transaction.execute(add(1)))
  expect(await values()).toEqual([1, 0, 0])
})

test('a read is bounded by the database too', async () => {
  const pool = openPool({ statementMs: 50 })
  await expect(pool.execute(sql`select pg_sleep(20)`)).rejects.toMatchObject({
    cause: { code: '57014' },
  })
})

test('where not even a begin is answered, the pool does not lose a connection', async () => {
  const direct = new URL(databaseUrl)
  const proxy = await startProxy({ host: direct.hostname, port: Number(direct.port) })
  closing.add(() => proxy.stop())
  const pool = openPool({ answerMs: 100 }, `127.0.0.1:${proxy.port}`)
  await pool.execute(sql`select 1`)
  proxy.mode('all', 'blackhole')
  const begun = pool.transaction((transaction) => transaction.execute(add(1)))
  await expect(begun).rejects.toThrow()
  proxy.mode('all', 'pass')
  await pool.execute(add(1))
  expect(await values()).toEqual([1, 0, 0])
})

test('a connection that breaks is not kept, although its borrower forgets it', async () => {
  const pool = openPool({})
  const client = await pool.$client.connect()
  const { rows } = await client.query('select pg_backend_pid() as pid')
  await database.execute(sql`select pg_terminate_backend(${rows[0].pid})`)
  await eventually('the pool has its place back', () => pool.$client.use.used === 0)
  await pool.execute(sql`select 1`)
})
