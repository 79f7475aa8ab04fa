import { expect, test } from 'vitest'
import { defineCatalog } from '../core/catalog.ts'
import { family } from '../core/family.ts'
import { shape } from '../core/shape.ts'
import { testCache } from '../testing/test-cache.ts'

const catalog = defineCatalog('evictor', {
  item: family('item:{name}', { value: shape<string>(), ttl: '10m' }),
  place: family('place:{country}:{town}', { value: shape<string>(), ttl: '10m' }),
})
const town = { country: 'it', town: 'Città' }

async function filled() {
  const cache = await testCache(catalog, {
    item: async (name) => name,
    place: async ({ town: name }) => name,
  })
  await cache.item.getMany(['a', 'b', 'c:d'])
  await cache.place.get(town)
  await cache.settled()
  const held = () => {
    const item = cache.family('item')
    const names = ['a', 'b', 'c:d'].filter((name) => item.holds(name))
    return cache.family('place').holds(town) ? [...names, 'town'] : names
  }
  return { cache, held }
}

test('each key that is named is dropped here before the call returns, and no other', async () => {
  const { cache, held } = await filled()
  expect(held()).toEqual(['a', 'b', 'c:d', 'town'])
  const both = cache.item.invalidate(['a', 'c:d'])
  expect(held()).toEqual(['b', 'town'])
  await both
  await cache.item.get('a')
  await cache.settled()
  const mixed = cache.invalidate([cache.place.key(town), cache.item.key('a')])
  expect(held()).toEqual(['b'])
  await mixed
})

test('what is loaded again while it is said goes at the answer', async () => {
  const { cache, held } = await filled()
  const saying = cache.item.invalidate('a')
  await cache.item.get('a')
  await saying
  await cache.settled()
  expect(held()).toEqual(['b', 'c:d', 'town'])
})

test('a family is not taken for another whose key was named before', async () => {
  const { cache, held } = await filled()
  await cache.place.invalidate(town)
  await cache.item.invalidate('b')
  await cache.place.get(town)
  await cache.settled()
  expect(held()).toEqual(['a', 'c:d', 'town'])
})
