import { expect, test } from 'vitest'
import { defineCatalog } from '../core/catalog.ts'
import { family } from '../core/family.ts'
import { shape } from '../core/shape.ts'
import { testCache } from '../testing/test-cache.ts'

const catalog = defineCatalog('holds', {
  /** What is over stays in memory, for when its source fails. */
  item: family('item:{name}', { value: shape<string>(), ttl: '10s', staleIfError: '10m' }),
})

test('says what memory holds within its TTL, and counts as no read', async () => {
  const cache = await testCache(catalog, { item: async (name) => name })
  const view = cache.family('item')
  expect(view.holds('a')).toBe(false)
  await cache.item.get('a')
  await cache.settled()
  expect(view.holds('a')).toBe(true)
  const { reads } = cache.stats().families.item ?? {}
  view.holds('a')
  expect(cache.stats().families.item?.reads).toEqual(reads)
  await cache.item.invalidate('a')
  expect(view.holds('a')).toBe(false)
  await cache.item.get('b')
  await cache.settled()
  expect(view.holds('b')).toBe(true)
  await cache.clock.advance(10_000)
  expect(view.holds('b')).toBe(false)
})

test('refuses what is no id', async () => {
  const cache = await testCache(catalog)
  const refused = expect.objectContaining({ code: 'SP_ID_TYPE' })
  expect(() => cache.family('item').holds(7)).toThrow(refused)
})
