import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../../test/servers/eventually.ts'
import { startPostgres } from '../../test/servers/postgres.ts'
import { type ApiStage, openApiStage } from '../api/testing/api-stage.ts'
import { marketDataDefaults } from '../caches/market-data-layer.ts'
import { requestJson } from '../process/http-client.ts'
import { openUpstream, type Upstream } from '../upstream/server.ts'
import { openWorkers, type Workers } from './server.ts'

const adminToken = 'for-tests-only'
const headers = { authorization: `Bearer ${adminToken}` }

let stage: ApiStage
let upstream: Upstream
let workers: Workers

beforeAll(async () => {
  upstream = await openUpstream({ port: 0, adminToken })
  stage = await openApiStage(await startPostgres())
  workers = await openWorkers({
    databaseUrl: stage.databaseUrl,
    apiUrl: stage.api.url,
    upstreamUrl: upstream.url,
    upstreamWsUrl: upstream.wsUrl,
    // However slow the machine is, the stream is waited for.
    marketData: { ...marketDataDefaults, fallMs: 60_000, returnMs: 60_000 },
    adminToken,
  })
})
afterAll(async () => {
  await workers?.close()
  await stage?.close()
  await upstream?.close()
})

async function shown(path = '/control/sources'): Promise<unknown> {
  return (await requestJson(`${workers.url}${path}`, { headers })).body
}

async function turn(source: string, enabled: boolean): Promise<unknown> {
  const request = { method: 'POST', headers, body: { source, enabled } } as const
  return (await requestJson(`${workers.url}/control/sources`, request)).body
}

test('a source that is switched off is left at once, and not returned to at once', async () => {
  const stream = { name: 'stream', state: 'up', active: true }
  await eventually('the stream is up', async () => {
    const sources = await shown()
    return JSON.stringify(sources).includes('"state":"up"')
  })
  expect(await shown()).toMatchObject({ active: 'stream', sources: [stream, {}, {}] })
  expect(await turn('stream', false)).toMatchObject({
    active: 'poll',
    sources: [{ state: 'off' }, { active: true }, { state: 'resting' }],
  })
  const health = await requestJson(`${workers.url}/debug/health`, { headers })
  expect(health.body).toMatchObject({ service: 'workers', quotes: 'poll' })
  expect(await turn('stream', true)).toMatchObject({
    active: 'poll',
    sources: [{ name: 'stream', state: 'down' }, {}, {}],
  })
})

test('quotes are listed by offset and limit, with where they came from', async () => {
  await eventually('quotes are there', async () => {
    return /"total":[1-9]\d\d/.test(JSON.stringify(await shown('/debug/quotes?limit=1')))
  })
  const page = (await shown('/debug/quotes?offset=10&limit=3')) as {
    quotes: { marketId: string }[]
  }
  const next = (await shown('/debug/quotes?offset=11&limit=3')) as {
    quotes: { marketId: string }[]
  }
  expect(page.quotes).toHaveLength(3)
  expect(page.quotes[0]).toMatchObject({
    isLive: true,
    source: expect.stringMatching(/stream|poll/),
  })
  expect(next.quotes[0]?.marketId).toBe(page.quotes[1]?.marketId)
})

test('only an administrator may look or switch, and only what there is', async () => {
  const url = `${workers.url}/control/sources`
  await expect(requestJson(url)).rejects.toMatchObject({ status: 401 })
  await expect(turn('carrier-pigeon', false)).rejects.toMatchObject({ status: 400 })
  await expect(requestJson(`${workers.url}/debug/quotes`)).rejects.toMatchObject({ status: 401 })
})
