import { afterAll, beforeAll, expect, test } from 'vitest'
import { openProductsStage, type ProductsStage } from '../../test/products/products-stage.ts'
import { startPostgres } from '../../test/servers/postgres.ts'

const adminToken = 'the administrator'
const authorization = `Bearer ${adminToken}`

let stage: ProductsStage

beforeAll(async () => {
  stage = await openProductsStage(await startPostgres(), { adminToken })
})
afterAll(() => stage.close())

const clear = (body: object) =>
  stage.ask('/api/v1/cache/clear', { method: 'POST', body, headers: { authorization } })

test('counts by domain, lists keys, and says how the cache is', async () => {
  await stage.get('/products/count')
  await stage.products.services.cache.settled()
  expect(await stage.get('/api/v1/cache/stats')).toMatchObject({
    domains: [
      { domain: 'catalog', prefix: 'catalog_', ttlSeconds: 7_200 },
      { domain: 'media', ttlSeconds: 3_600 },
      { domain: 'imports', ttlSeconds: 1_800 },
      { domain: 'code2asin', ttlSeconds: 86_400 },
      { domain: 'analytics', ttlSeconds: 3_600 },
      { domain: 'default', ttlSeconds: 3_600 },
    ],
    health: { state: 'ok' },
  })
  const { keys, isComplete } = Object(
    await stage.get('/api/v1/cache/keys?domain=catalog&limit=1000'),
  )
  expect(keys).toContain('catalog_products_count')
  expect(keys.every((key: string) => key.startsWith('catalog_'))).toBe(true)
  expect(isComplete).toBe(true)
  expect(Object(await stage.get('/api/v1/cache/keys?limit=1')).keys).toHaveLength(1)
  expect(await stage.get('/health/cache')).toMatchObject({ state: 'ok' })
})

test('clears a domain, everything, or says what it would clear; for administrators', async () => {
  const { cache } = stage.products.services
  const look = async () => [
    (await cache.productsCount.lookup()).from,
    (await cache.dashboardStats.lookup()).from,
  ]
  await stage.relayed()
  await look()
  await cache.settled()
  expect(await stage.refusal('/api/v1/cache/clear', { method: 'POST', body: {} })).toMatchObject({
    status: 401,
  })
  expect((await clear({ domain: 'catalog', dry_run: true })).body).toEqual({
    families: expect.arrayContaining(['product', 'productPage', 'catalogValue']),
    dry_run: true,
  })
  expect(await look()).toEqual(['memory', 'memory'])
  await clear({ domain: 'catalog' })
  expect(await look()).toEqual(['source', 'memory'])
  await cache.settled()
  await clear({})
  expect(await look()).toEqual(['source', 'source'])
})
