import { openCache } from 'staleproof'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { silentLogger } from '../process/logger.ts'
import { type ProductsCache, productsCatalog } from './catalog.ts'
import { productRow, targetsOf } from './changes.ts'
import { type Invalidating, invalidateImport, invalidateRows } from './invalidation.ts'

const catalog = productsCatalog()
let cache: ProductsCache
let parts: Invalidating

beforeAll(async () => {
  cache = await openCache(catalog, { service: 'test', partitions: 16 })
  parts = { cache, catalog, log: silentLogger() }
})
afterAll(() => cache.close())

/** As numbers of base 36. */
function partitionsOf(token: string | undefined): readonly string[] {
  return token?.match(/(?<=\.)\w+(?=~)/g) ?? []
}

test('the token of a product covers its keys and pages, whatever their partitions', async () => {
  const row = productRow({ code: 'P-7', categories: ['sweets'] })
  const keys = targetsOf([row]).flatMap((target) =>
    target.kind === 'key' ? [cache.family(target.family).key(target.id)] : [],
  )
  const byKeys = await cache.invalidate(keys)
  const byTags = await cache.invalidateTag(['category:', 'category:sweets'])
  const token = await invalidateRows(parts, 'product_saved', [row])
  const expected = [byKeys, byTags].flatMap((receipt) => partitionsOf(receipt.token))
  expect(partitionsOf(token).toSorted()).toEqual([...new Set(expected)].toSorted())
})

test('the token of an import covers the domains that it fills and its own row', async () => {
  const byDomain = await cache.family('product').clear()
  const token = await invalidateImport(parts, 'import-1')
  expect(partitionsOf(token)).toEqual(expect.arrayContaining([...partitionsOf(byDomain.token)]))
})
