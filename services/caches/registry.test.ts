import { testCache } from 'staleproof/testing'
import { expect, test } from 'vitest'
import { catalog } from '../domain/catalog.ts'
import { addCacheRoutes } from '../process/cache-routes.ts'
import { createHttpServer } from '../process/http-server.ts'
import { silentLogger } from '../process/logger.ts'
import { cacheFigures, namedCaches } from './registry.ts'

const adminToken = 'token-of-the-test'

function openTestCache() {
  return testCache(catalog, {
    market: { many: (ids) => ids.map(() => undefined) },
    price: {
      many: () => {
        throw new Error('no prices today')
      },
      dependency: 'database',
    },
  })
}

test('the nine caches of the documents are there, and each family belongs to one of them', () => {
  const owned = namedCaches.flatMap(({ families }) => families)
  expect(namedCaches).toHaveLength(9)
  expect(owned.toSorted()).toEqual([...catalog.compiled.keys()].toSorted())
})

test('the figures of a cache are what its families have counted', async () => {
  const cache = await openTestCache()
  await cache.market.getMany(['1', '2'])
  await cache.settled()
  await cache.market.get('1')
  await cache.price.get('1').catch(() => undefined)
  await cache.market.invalidate('1')
  const figures = new Map(cacheFigures(cache.stats()).map((one) => [one.name, one]))
  expect(figures.get('market data layer')).toMatchObject({
    hits: { memory: 1, redis: 0 },
    misses: 2,
    loads: 2,
    invalidations: 1,
    memory: { entries: 1 },
    breakers: { 'family:market': { state: 'closed', failures: 0 } },
  })
  expect(figures.get('price cache')).toMatchObject({ unanswered: 1, loadFailures: 1 })
  expect(Object.keys(figures.get('circuit breaker')?.breakers ?? {})).toContain(
    'dependency:database',
  )
  await cache.close()
})

test('a service shows its figures to an administrator alone', async () => {
  const cache = await openTestCache()
  const app = createHttpServer(silentLogger())
  addCacheRoutes(app, { service: 'api', cache, adminToken })
  const url = '/debug/caches'
  expect((await app.inject({ url })).statusCode).toBe(401)
  await cache.market.get('1')
  const headers = { authorization: `Bearer ${adminToken}` }
  expect((await app.inject({ url, headers })).json()).toMatchObject({
    service: 'api',
    caches: namedCaches.map(({ name }) => ({ name })),
    families: { market: { misses: 1 }, price: { misses: 0 } },
  })
  await app.close()
  await cache.close()
})
