import { openCache } from 'staleproof'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../../test/servers/eventually.ts'
import { describeWithRedis, startRedis, type TestRedis } from '../../test/servers/redis.ts'
import { type CacheService, openCacheService } from './cache-service.ts'
import { type ProductsCache, productsCatalog } from './catalog.ts'
import { domainNames, domains } from './domain.ts'
import { writtenFamilyOf, writtenInfix } from './domain-families.ts'

const catalog = productsCatalog()
let cache: ProductsCache
let caches: CacheService
let productsCount: number
let isCounting: boolean

async function open(redis?: string): Promise<ProductsCache> {
  return openCache(catalog, {
    service: 'test',
    redis,
    log: false,
    sources: {
      productsCount: () => {
        if (!isCounting) throw new Error('the database is away')
        return productsCount
      },
    },
  })
}

beforeEach(() => {
  productsCount = 1_500
  isCounting = true
})
afterEach(() => cache.close())

describe('a domain', () => {
  beforeEach(async () => {
    cache = await open()
    caches = openCacheService(cache, catalog)
  })

  test('is never forgotten: there is no cache without one', () => {
    // @ts-expect-error a name alone says nothing of prefix and TTL
    expect(() => caches.get('products_count')).toThrow(TypeError)
    // @ts-expect-error a misspelt domain is no domain
    expect(caches.catalogue).toBeUndefined()
    // @ts-expect-error a cache of no domain can't be opened
    expect(() => openCacheService(cache)).toThrow(TypeError)
  })

  test('a known name is loaded by its source, under the prefix of the domain', async () => {
    expect(await caches.catalog.get('products_count')).toBe(1_500)
    await cache.settled()
    expect((await cache.keys()).keys).toEqual(['catalog_products_count'])
    await expect(cache.productsCount.lookup()).resolves.toMatchObject({ from: 'memory' })
  })

  test('what is loaded is never set: it could only become wrong', async () => {
    await expect(caches.catalog.set('products_count', 7)).rejects.toThrow(TypeError)
    await expect(caches.catalog.set('product_3017620422003', {})).rejects.toThrow(TypeError)
    expect(await caches.catalog.get('products_count')).toBe(1_500)
  })

  test.each(domainNames)('%s holds what somebody sets, until it is deleted', async (domain) => {
    expect(await caches[domain].get('temp_data')).toBeUndefined()
    expect(await caches[domain].set('temp_data', { rows: [1] })).toBe(true)
    expect(await caches[domain].set('temp_data', { rows: [1, 2] })).toBe(true)
    expect(await caches[domain].get('temp_data')).toEqual({ rows: [1, 2] })
    expect(await caches[domain].delete('temp_data')).toBe(true)
    expect(await caches[domain].get('temp_data')).toBeUndefined()
    expect(await caches[domain].set('temp_data', 3)).toBe(true)
    expect(await caches[domain].get('temp_data')).toBe(3)
  })

  test('one write may have a shorter life of its own, and none beyond the domain', async () => {
    expect(await caches.imports.set('short', 1, { ttl: '5m' })).toBe(true)
    await expect(caches.imports.set('long', 1, { ttl: '31m' })).rejects.toMatchObject({
      code: 'SP_OPTION_INVALID',
    })
  })

  test('a pattern stays within its domain', async () => {
    await caches.default.set('temp1', 1)
    await caches.default.set('temp2', 2)
    await caches.default.set('other', 3)
    await caches.media.set('temp1', 4)
    expect(await caches.default.deletePattern('temp*')).toBe(true)
    const read = () => ['temp1', 'temp2', 'other'].map((name) => caches.default.get(name))
    expect(await Promise.all(read())).toEqual([undefined, undefined, 3])
    expect(await caches.default.deletePattern('*')).toBe(true)
    expect(await caches.default.get('other')).toBeUndefined()
    expect(await caches.media.get('temp1')).toBe(4)
  })

  test('a pattern matches names that are loaded as well', async () => {
    await caches.catalog.get('products_count')
    productsCount = 1_501
    expect(await caches.catalog.deletePattern('products_*')).toBe(true)
    expect(await caches.catalog.get('products_count')).toBe(1_501)
  })

  test.each(domainNames)('what is set in %s has a key that patterns reach', (domain) => {
    const written = catalog.compiled.get(writtenFamilyOf(catalog, domain))
    expect(written?.template.text).toBe(`${domains[domain].prefix}${writtenInfix}{name}`)
  })

  test("a fault of the source is the caller's to see", async () => {
    isCounting = false
    await expect(caches.catalog.get('products_count')).rejects.toThrow('the database is away')
  })
})

describeWithRedis('without Redis', () => {
  let redis: TestRedis

  beforeEach(async () => {
    redis = await startRedis()
    cache = await open(redis.url)
    caches = openCacheService(cache, catalog)
  })
  afterEach(() => redis.stop())

  test('reads ask the source, writes say false, and nothing old comes back', async () => {
    expect(await caches.default.set('note', 'before')).toBe(true)
    expect(await caches.catalog.get('products_count')).toBe(1_500)
    await redis.kill()
    await eventually('the cache has noticed', () => cache.health().state !== 'ok')

    productsCount = 1_501
    expect(await caches.catalog.delete('products_count')).toBe(false)
    expect(await caches.catalog.get('products_count')).toBe(1_501)
    expect(await caches.default.set('note', 'lost')).toBe(false)
    expect(await caches.default.get('note')).toBeUndefined()
    expect(await caches.default.deletePattern('note*')).toBe(false)
    expect(await caches.default.deletePattern('*')).toBe(false)

    await redis.restart()
    await eventually('it is well again', () => cache.health().state === 'ok', 20_000)
    expect(await caches.default.set('note', 'after')).toBe(true)
    expect(await caches.default.get('note')).toBe('after')
    expect(await caches.catalog.get('products_count')).toBe(1_501)
  })
})
