import { openCache } from 'staleproof'
import { expect, onTestFinished, test } from 'vitest'
import { domainStats } from './cache-report.ts'
import { productsCatalog } from './catalog.ts'

const catalog = productsCatalog()

test('a read that waited for the source of another one is no hit', async () => {
  const cache = await openCache(catalog, {
    service: 'test',
    log: false,
    sources: { productsCount: async () => 7 },
  })
  onTestFinished(() => cache.close())
  await Promise.all([cache.productsCount.get(), cache.productsCount.get()])
  await cache.settled()
  expect(cache.stats().families.productsCount?.reads).toMatchObject({ source: 1, joined: 1 })
  await cache.productsCount.get()
  await cache.productsCount.get()
  const [ofCatalog] = domainStats(catalog, cache.stats())
  expect(ofCatalog).toMatchObject({ domain: 'catalog', reads: 4, hitRate: 0.5, loads: 1 })
})
