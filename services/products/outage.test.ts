import { afterAll, beforeAll, expect, test } from 'vitest'
import { openProductsStage, type ProductsStage } from '../../test/products/products-stage.ts'
import { sampleEan, sampleProduct, sampleRow } from '../../test/products/sample-rows.ts'
import { eventually } from '../../test/servers/eventually.ts'
import { startPostgres } from '../../test/servers/postgres.ts'
import { describeWithRedis, startRedis, type TestRedis } from '../../test/servers/redis.ts'
import { openProducts, type Products } from './server.ts'

describeWithRedis('two processes of the Products Manager on one Redis', () => {
  let redis: TestRedis
  let stage: ProductsStage
  let other: Products

  beforeAll(async () => {
    redis = await startRedis()
    const server = await startPostgres()
    stage = await openProductsStage(server, { redisUrl: redis.url })
    other = await openProducts({ databaseUrl: server.url, redisUrl: redis.url })
    await stage.importRows(Array.from({ length: 30 }, (_, index) => sampleRow(index)))
    await stage.relayed()
  })
  afterAll(async () => {
    await other?.close()
    await stage?.close()
    await redis?.stop()
  })

  test('a page is loaded once for both, and a change shows in the other at once', async () => {
    const { cache } = other.services
    const page = { category: 'en:teas', search: '', limit: 20, offset: 0 }
    await stage.products.services.cache.productPage.get(page)
    await stage.products.services.cache.settled()
    const { keys } = await cache.keys({ pattern: cache.productPage.pattern({ limit: 20 }) })
    expect(keys).toContain(cache.productPage.key(page).text)
    expect(await cache.productPage.lookup(page)).toMatchObject({ from: 'redis' })
    expect(await cache.productPage.lookup(page)).toMatchObject({ from: 'memory' })
    const { total } = (await cache.productPage.get(page)) ?? { total: 0 }
    const stats = await cache.dashboardStats.get()

    const path = `/products/${sampleEan(500)}`
    const { headers } = await stage.ask(path, { method: 'PUT', body: sampleProduct(500) })
    const after = headers.get('x-staleproof-after') ?? ''
    expect(await cache.productPage.get(page, { after })).toMatchObject({ total: total + 1 })
    const products = (stats?.products ?? 0) + 1
    expect(await cache.dashboardStats.get({ after })).toMatchObject({ products })
  })

  test('without Redis everything works, and it is well again when Redis is back', async () => {
    const { cache } = stage.products.services
    await stage.ask('/products?category=en:teas')
    await redis.kill()
    await eventually('the cache has noticed', () => cache.health().state === 'down-to-source')

    expect(await stage.get('/products?category=en:teas')).toMatchObject({ total: 31 })
    expect(await stage.save(501)).toMatchObject({ name: 'Tea 501' })
    expect(await stage.get('/products?category=en:teas')).toMatchObject({ total: 32 })
    const job = await stage.importRows([sampleRow(600)])
    expect(job).toMatchObject({ state: 'done', rows: { created: 1 } })
    expect(await stage.get('/products/count')).toEqual({ products: 33 })
    expect(await stage.get('/analytics/dashboard')).toMatchObject({ products: 33 })
    expect(await stage.get('/health')).toEqual({ status: 'down-to-source' })

    await redis.restart()
    await eventually('it is well again', () => cache.health().state === 'ok', 20_000)
    await stage.relayed()
    expect(await stage.get('/products/count')).toEqual({ products: 33 })
    await cache.settled()
    expect(await cache.productsCount.lookup()).toMatchObject({ from: 'memory', value: 33 })
    expect(await other.services.cache.productsCount.get()).toBe(33)
  })
})
