import { afterAll, beforeAll, expect, test } from 'vitest'
import { openProductsStage, type ProductsStage } from '../../test/products/products-stage.ts'
import { startPostgres } from '../../test/servers/postgres.ts'

const adminToken = 'token-of-the-administrator-0123456789'
const authorization = `Bearer ${adminToken}`

let stage: ProductsStage

beforeAll(async () => {
  stage = await openProductsStage(await startPostgres(), { adminToken })
})
afterAll(() => stage.close())

const clear = (body: object) =>
  stage.ask('/cache/domains/clear', { method: 'POST', body, headers: { authorization } })

test('counts by domain', async () => {
  await stage.get('/products/count')
  expect(await stage.get('/cache/domains')).toMatchObject({
    domains: [
      { domain: 'catalog', prefix: 'catalog_', ttlSeconds: 7_200 },
      { domain: 'media', ttlSeconds: 3_600 },
      { domain: 'imports', ttlSeconds: 1_800 },
      { domain: 'code2asin', ttlSeconds: 86_400 },
      { domain: 'analytics', ttlSeconds: 3_600 },
      { domain: 'default', ttlSeconds: 3_600 },
    ],
  })
  expect(await stage.get('/health/cache')).toEqual({ status: 'ok' })
})

test('shows statistics and keys of the cache to those who have a token', async () => {
  await stage.get('/products/count')
  await stage.products.services.cache.settled()
  expect(await stage.refusal('/api/v1/cache/stats', {})).toMatchObject({ status: 401 })
  const asAdministrator = { headers: { authorization } }
  const stats = await stage.ask('/api/v1/cache/stats', asAdministrator)
  expect(stats.body).toMatchObject({ service: 'products', health: { state: 'ok' } })
  const path = '/api/v1/cache/keys?pattern=catalog_*&limit=500'
  const { keys } = Object((await stage.ask(path, asAdministrator)).body)
  expect(keys).toContainEqual(expect.objectContaining({ key: 'catalog_products_count' }))
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
  expect(await stage.refusal('/cache/domains/clear', { method: 'POST', body: {} })).toMatchObject({
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
