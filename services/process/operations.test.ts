import { defineCatalog, family, openCache, shape } from 'staleproof'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Closing } from './closing.ts'
import { addHealthRoute } from './health.ts'
import { createHttpServer, listen } from './http-server.ts'
import { silentLogger } from './logger.ts'
import { addOperations, type OperationsOptions } from './operations.ts'

const catalog = defineCatalog('operated', {
  market: family('market:{marketId}', { value: shape<string>(), ttl: '1m' }),
})
const tokens = { adminToken: 'administrator', operatorToken: 'operator', viewerToken: 'viewer' }

let closing: Closing

beforeEach(() => {
  closing = new Closing()
})
afterEach(() => closing.close())

async function open(options: OperationsOptions = {}) {
  const log = silentLogger()
  const sources = { market: (marketId: string) => marketId }
  const cache = await openCache(catalog, { service: 'operated', sources, log: false })
  closing.add(() => cache.close())
  const app = createHttpServer(log)
  addHealthRoute(app, { ...options, service: 'operated', cache, details: () => ({ rows: 7 }) })
  const warmer = { run: (task: string) => (task === 'none' ? undefined : Promise.reject(task)) }
  await addOperations(app, { ...options, cache, closing, log, warmer })
  closing.add(() => app.close())
  const url = await listen(app, {})
  return async (path: string, token?: string, body?: object) => {
    const response = await fetch(url + path, {
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    })
    return { status: response.status, body: Object(await response.json()) }
  }
}

test('each token has its role, and who has none gets no further than the health', async () => {
  const ask = await open(tokens)
  for (const role of ['administrator', 'operator', 'viewer']) {
    expect((await ask('/api/v1/cache/me', role)).body).toMatchObject({ role, user: role })
  }
  expect(await ask('/api/v1/cache/me', 'nobody')).toMatchObject({ status: 401 })
  expect(await ask('/api/v1/cache/me')).toMatchObject({ status: 401 })
  expect(await ask('/health/cache')).toEqual({ status: 200, body: { status: 'ok' } })
})

test('without tokens there is no administration', async () => {
  const ask = await open()
  expect(await ask('/api/v1/cache/me', 'administrator')).toMatchObject({ status: 404 })
  expect(await ask('/health/cache')).toMatchObject({ status: 200 })
})

test('read-only nobody changes anything', async () => {
  const ask = await open({ ...tokens, isReadOnly: true })
  const change = { keys: ['market:1'] }
  expect(await ask('/api/v1/cache/invalidate', 'administrator', change)).toMatchObject({
    status: 405,
    body: { code: 'READ_ONLY' },
  })
})

test('the health says only its state, and more to the administrator', async () => {
  const ask = await open(tokens)
  expect(await ask('/health')).toEqual({ status: 200, body: { status: 'ok' } })
  expect(await ask('/debug/health')).toMatchObject({ status: 401 })
  expect(await ask('/debug/health', 'administrator')).toMatchObject({
    body: { service: 'operated', cache: { state: 'ok' }, rows: 7 },
  })
})

test('a warming task that fails is told as one that failed', async () => {
  const ask = await open(tokens)
  expect(await ask('/api/v1/cache/warm', 'operator', { task: 'none' })).toMatchObject({
    status: 404,
  })
  expect(await ask('/api/v1/cache/warm', 'operator', { task: 'leaders' })).toMatchObject({
    status: 503,
    body: { detail: 'The task has failed; the log of the service says why.' },
  })
})
