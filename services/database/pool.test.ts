import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../test/servers/eventually.ts'
import { startPostgres, type TestDatabase } from '../../test/servers/postgres.ts'
import { openApiStage } from '../api/testing/api-stage.ts'
import { sampleMarket } from '../api/testing/sample-data.ts'
import { asService } from '../process/admin-token.ts'
import { Closing } from '../process/closing.ts'
import { silentLogger } from '../process/logger.ts'
import { type Database, openDatabase } from './connection.ts'
import { poolWaitingMax } from './pool.ts'

let server: TestDatabase
let database: Database
const closing = new Closing()

beforeAll(async () => {
  server = await startPostgres()
  closing.add(() => server.stop())
  database = openDatabase({ databaseUrl: server.url, poolMax: 2, log: silentLogger(), closing })
})
afterAll(() => closing.close())

const query = () => database.$client.query('select 1')

test('a pool of 2 serves 50 queries at once: nobody fails, and who waited is counted', async () => {
  const answers = Promise.all(Array.from({ length: 50 }, query))
  expect(database.$client.use).toMatchObject({ waiting: 48 })
  expect(await answers).toHaveLength(50)
  const { waitMsP95, waitMsMax, ...use } = database.$client.use
  expect(use).toMatchObject({ size: 2, used: 0, idle: 2, waiting: 0, waits: 48, refused: 0 })
  expect(waitMsP95).toBeGreaterThan(0)
  expect(waitMsMax).toBeGreaterThanOrEqual(waitMsP95)
})

test('whoever finds a free connection has not waited', async () => {
  const before = database.$client.use
  await Promise.all([query(), query()])
  expect(database.$client.use.waits).toBe(before.waits)
})

test('every statement is counted, but not what begins and ends a transaction', async () => {
  const { queries } = database.$client.use
  await database.transaction((transaction) => transaction.execute(sql`select 1`))
  expect(database.$client.use.queries - queries).toBe(1)
})

test('every statement is timed, one that fails too, and nothing else', async () => {
  const times: number[] = []
  database.$client.onStatement = (ms) => times.push(ms)
  onTestFinished(() => {
    database.$client.onStatement = () => {}
  })
  await database.transaction((transaction) => transaction.execute(sql`select pg_sleep(0.02)`))
  await database.execute(sql`select 1`)
  await expect(database.execute(sql`select nothing`)).rejects.toThrow()
  expect(times).toHaveLength(3)
  expect(times[0]).toBeGreaterThanOrEqual(19)
  expect(database.$client.use.queryMsP95).toBeGreaterThan(0)
})

test('statements outside of transactions are counted as reads', async () => {
  const { reads } = database.$client.use
  await database.transaction((transaction) => transaction.execute(sql`select 1`))
  expect(database.$client.use.reads).toBe(reads)
  await database.execute(sql`select 1`)
  expect(database.$client.use.reads).toBe(reads + 1)
})

test('a transaction that fails gives its connection back', async () => {
  const failing = () =>
    database.transaction(async () => {
      throw new Error('no')
    })
  const ends = await Promise.allSettled([failing(), failing(), failing()])
  expect(ends.map((end) => end.status)).toEqual(['rejected', 'rejected', 'rejected'])
  expect(database.$client.use).toMatchObject({ used: 0, waiting: 0 })
})

test('more than may wait are refused at once, and told when to come again', async () => {
  let release = () => {}
  const isOver = new Promise<void>((resolve) => {
    release = resolve
  })
  const held = [1, 2].map(() => database.transaction(() => isOver))
  await eventually('both connections are held', () => database.$client.use.used === 2)
  const waiting = Array.from({ length: poolWaitingMax }, query)
  const refusal = { status: 503, code: 'too_busy', retryAfterMs: 1_000 }
  await expect(query()).rejects.toMatchObject(refusal)
  expect(database.$client.use).toMatchObject({ used: 2, waiting: poolWaitingMax, refused: 1 })
  release()
  await Promise.all([...held, ...waiting])
})

test('the API with a pool of 2 answers 50 requests at once, and shows its use', async () => {
  const adminToken = 'token-of-the-test'
  const stage = await openApiStage(await startPostgres(), {
    poolMax: 2,
    adminToken,
    markets: [sampleMarket('11')],
  })
  const users = await Promise.all(Array.from({ length: 25 }, () => stage.newUser()))
  const requests = users.flatMap(({ id }) => [
    stage.ask('/positions', {
      method: 'POST',
      body: { user_id: id, market_id: '11', outcome: 'yes', amount: 5 },
    }),
    stage.ask(`/positions/user/${id}`, { headers: { 'cache-control': 'no-cache' } }),
  ])
  expect(await Promise.all(requests)).toHaveLength(50)
  const { body } = await stage.ask('/debug/database', { headers: asService(adminToken) })
  expect(body).toMatchObject({ size: 2, waiting: 0, refused: 0 })
  expect((body as { waits: number }).waits).toBeGreaterThan(0)
  const health = await stage.ask('/debug/health', { headers: asService(adminToken) })
  expect(health.body).toMatchObject({ service: 'api', database: body })
  await expect(stage.ask('/debug/database')).rejects.toMatchObject({ status: 401 })
  await stage.close()
})
