import { openCache } from 'staleproof'
import { type TestCache, testCache } from 'staleproof/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { catalog, type PolycoolFamilies } from '../domain/catalog.ts'
import { addCacheRoutes } from '../process/cache-routes.ts'
import { createHttpServer, type TypedServer } from '../process/http-server.ts'
import { silentLogger } from '../process/logger.ts'
import { Breakers, breakerSettingsText } from './breakers.ts'

const adminToken = 'token-of-the-test'
const headers = { authorization: `Bearer ${adminToken}` }

/** Families whose source fails. */
let failing: Set<string>
let calls: string[]
let cache: TestCache<PolycoolFamilies>

function answer<V>(family: string, value: V): V {
  calls.push(family)
  if (failing.has(family)) throw new Error(`${family} is away`)
  return value
}

beforeEach(async () => {
  failing = new Set()
  calls = []
  const dependency = 'database'
  cache = await testCache(catalog, {
    price: { one: () => answer('price', undefined), dependency },
    positions: { one: () => answer('positions', []), dependency },
    market: { one: () => answer('market', undefined), dependency },
    activeMarkets: { one: () => answer('activeMarkets', []), dependency },
  })
})
afterEach(() => cache.close())

const state = (name: string) => new Breakers(cache).view()[name]?.state
/** Reads of ids that nobody has read before; how many were answered. */
async function read(family: 'price' | 'market' | 'positions', count: number): Promise<number> {
  let answered = 0
  for (let index = 0; index < count; index += 1) {
    const id = calls.length * 1_000 + index
    const reading =
      family === 'positions' ? cache.positions.get(id) : cache[family].get(`${family}-${id}`)
    answered += await reading.then(
      () => 1,
      () => 0,
    )
  }
  return answered
}

test('prices that fail open their own breaker and keep nobody from his positions', async () => {
  const breakers = new Breakers(cache)
  failing.add('price')
  await read('price', 200)
  expect(calls).toHaveLength(20)
  expect(breakers.view()['family:price']).toMatchObject({ state: 'open', failures: 20 })
  expect(await read('positions', 5)).toBe(5)
  expect(await read('market', 5)).toBe(5)
  expect(breakers.view()['dependency:database']?.state).toBe('closed')
})

test('a dependency that answers nobody is left alone by those who have not asked yet', async () => {
  const breakers = new Breakers(cache)
  failing = new Set(['price', 'positions', 'market', 'activeMarkets'])
  for (const family of ['price', 'positions', 'market'] as const) await read(family, 30)
  expect(breakers.view()['dependency:database']?.state).toBe('open')
  const asked = calls.length
  await expect(cache.activeMarkets.get()).rejects.toMatchObject({ code: 'SP_SOURCE_UNAVAILABLE' })
  expect(calls).toHaveLength(asked)
})

test('as in the documents: 3 failures open it, 60 seconds later 3 calls close it', async () => {
  const breakers = new Breakers(cache, { sources: { 'family:price': 'documents' } })
  failing.add('price')
  await read('price', 2)
  expect(breakers.view()['family:price']?.state).toBe('closed')
  await read('price', 5)
  expect(breakers.view()['family:price']).toMatchObject({ state: 'open', setting: 'documents' })
  expect(calls).toHaveLength(3)
  failing.clear()
  await cache.clock.advance(59_000)
  expect(await read('price', 1)).toBe(0)
  await cache.clock.advance(8_000)
  expect(await read('price', 2)).toBe(2)
  expect(state('family:price')).toBe('halfOpen')
  await read('price', 1)
  expect(breakers.view()['family:price']).toMatchObject({ state: 'closed', recoveryAttempts: 3 })
})

test('each change of a breaker is one line in the log', async () => {
  const lines: string[] = []
  const note = (_: unknown, message?: string) => void lines.push(message ?? '')
  const log = { debug: () => {}, info: note, warn: note, error: note }
  const failed = () => {
    throw new Error('away')
  }
  const logged = await openCache(catalog, { service: 'test', sources: { price: failed }, log })
  new Breakers(logged, { sources: { 'family:price': 'documents' } })
  for (const id of ['1', '2', '3', '4', '5']) await logged.price.get(id).catch(() => undefined)
  expect(lines.filter((line) => /breaker/.test(line))).toHaveLength(1)
  await logged.close()
})

async function withRoutes(run: (app: TypedServer) => Promise<void>): Promise<void> {
  const app = createHttpServer(silentLogger())
  addCacheRoutes(app, { service: 'api', cache, adminToken })
  await run(app)
  await app.close()
}

test('an administrator changes a breaker while the service runs, and sees it', async () => {
  await withRoutes(async (app) => {
    const url = '/control/breakers'
    const body = { sources: { 'family:price': { consecutive: 2, openFor: 1_000 } } }
    const answer = await app.inject({ method: 'POST', url, headers, body })
    expect(answer.json()).toMatchObject({
      service: 'api',
      breakers: { 'family:price': { state: 'closed', setting: { consecutive: 2 } } },
    })
    failing.add('price')
    await read('price', 5)
    expect(calls).toHaveLength(2)
    const shown = (await app.inject({ url, headers })).json()
    expect(shown).toMatchObject({ breakers: { 'family:price': { state: 'open', failures: 2 } } })
    expect((await app.inject({ url })).statusCode).toBe(401)
  })
})

test.each([
  ['a breaker that no service has', { sources: { 'family:prise': 'documents' } }],
  ['a threshold of nothing', { sources: { 'family:price': { consecutive: 0 } } }],
  ['two kinds of threshold', { sources: { 'family:price': { consecutive: 3, window: 9_000 } } }],
  [
    'a shortest time over the longest',
    { sources: { 'family:price': { openFor: 99, openForMost: 10 } } },
  ],
])('%s is refused', async (_, body) => {
  await withRoutes(async (app) => {
    const answer = await app.inject({ method: 'POST', url: '/control/breakers', headers, body })
    expect(answer.statusCode).toBe(400)
  })
})

test('Redis takes failures in a row, for all partitions', () => {
  const breakers = new Breakers(cache, { redis: { consecutive: 7 } })
  const redis = Object.entries(breakers.view()).filter(([name]) => name.startsWith('redis:'))
  expect(redis.length).toBeGreaterThan(0)
  for (const [, view] of redis) expect(view.setting).toEqual({ consecutive: 7 })
})

test('a setting for a family that only another service loads is no mistake', () => {
  const settings = breakerSettingsText.parse('{"sources":{"family:tokenMeaning":"documents"}}')
  expect(new Breakers(cache, settings).view()['family:tokenMeaning']).toBeUndefined()
})

test.each(['{', '{"sources":{"family:nothing":"documents"}}', '{"price":1}'])(
  'the environment may not say %s',
  (text) => {
    expect(breakerSettingsText.safeParse(text).success).toBe(false)
  },
)
