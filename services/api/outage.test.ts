// What clients of the API are told while PostgreSQL can't be asked.
import { sql } from 'drizzle-orm'
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../test/servers/eventually.ts'
import { startPostgres } from '../../test/servers/postgres.ts'
import { startProxy } from '../../test/servers/proxy.ts'
import { openDatabase } from '../database/connection.ts'
import { poolWaitingMax } from '../database/pool.ts'
import { Closing } from '../process/closing.ts'
import { createHttpServer, listen } from '../process/http-server.ts'
import { silentLogger } from '../process/logger.ts'
import { openApiStage } from './testing/api-stage.ts'
import { sampleMarket } from './testing/sample-data.ts'

const log = silentLogger()

async function refusalOf(url: string, request: RequestInit = {}) {
  const answer = await fetch(url, request)
  const { error } = Object(await answer.json())
  return { status: answer.status, error, retryAfter: answer.headers.get('retry-after') }
}

const unavailable = { status: 503, error: 'unavailable', retryAfter: '1' }

test('where the database is away, reads and writes are refused for now', async () => {
  const server = await startPostgres()
  const direct = new URL(server.url)
  const proxy = await startProxy({ host: direct.hostname, port: Number(direct.port) })
  const proxied = new URL(server.url)
  proxied.host = `127.0.0.1:${proxy.port}`
  const stage = await openApiStage(
    { url: proxied.href, stop: () => server.stop() },
    { markets: [sampleMarket('11')] },
  )
  onTestFinished(async () => {
    await stage.close()
    await proxy.stop()
  })
  const { url } = stage.api
  proxy.mode('all', 'refuse')
  proxy.cut('all')
  expect(await refusalOf(`${url}/markets/11`)).toEqual(unavailable)
  const order = {
    method: 'POST',
    body: JSON.stringify({ telegram_id: 7, name: 'Ada' }),
    headers: { 'content-type': 'application/json' },
  }
  expect(await refusalOf(`${url}/users`, order)).toEqual(unavailable)
  proxy.mode('all', 'pass')
  expect((await fetch(`${url}/markets/11`)).status).toBe(200)
})

test('a read that the pool has no room for is refused for now', async () => {
  const server = await startPostgres()
  const closing = new Closing()
  onTestFinished(() => closing.close())
  closing.add(() => server.stop())
  const database = openDatabase({ databaseUrl: server.url, poolMax: 1, log, closing })
  const app = createHttpServer(log)
  app.get('/reads', () => database.execute(sql`select 1`))
  closing.add(() => app.close())
  const url = await listen(app, {})
  let release = () => {}
  const isOver = new Promise<void>((resolve) => {
    release = resolve
  })
  const held = database.transaction(() => isOver)
  await eventually('the connection is held', () => database.$client.use.used === 1)
  const waiting = Array.from({ length: poolWaitingMax }, () => database.$client.query('select 1'))
  const refusal = { status: 503, error: 'too_busy', retryAfter: '1' }
  try {
    expect(await refusalOf(`${url}/reads`)).toEqual(refusal)
  } finally {
    release()
    await Promise.all([held, ...waiting])
  }
})
