import { expect, test } from 'vitest'
import { defineCatalog } from '../core/catalog.ts'
import { family } from '../core/family.ts'
import { shape } from '../core/shape.ts'
import { ManualSource, openWorld, watch } from './source-world.test-support.ts'

const catalog = defineCatalog('shedding', {
  item: family('item:{name}', {
    value: shape<number>(),
    ttl: '10s',
    staleWhileRevalidate: '60s',
  }),
})

test('a read takes the place of a waiting refresh, whose old value is served on', async () => {
  const source = new ManualSource()
  const { cache, clock, events } = await openWorld(catalog, {
    loadTimeout: '30s',
    sources: { item: { one: source.load, concurrency: 1, queue: 1 } },
  })
  const first = watch(cache.item.get('old'))
  await clock.advance(1)
  source.answer(0, 1)
  await clock.advance(11_000)
  expect(first.value).toBe(1)
  const running = watch(cache.item.get('a'))
  await clock.advance(1)
  expect(await cache.item.lookup('old')).toMatchObject({ from: 'stale', value: 1 })
  await clock.advance(10)
  expect(cache.stats().sources.item).toEqual({ running: 1, waiting: 1 })
  const pushing = watch(cache.item.get('b'))
  await clock.advance(1)
  const busy = events.flatMap((event) => (event.kind === 'load' ? [event] : []))
  expect(busy.at(-1)).toMatchObject({ keys: ['item:old'], error: { code: 'SP_SOURCE_BUSY' } })
  expect(await cache.item.get('old')).toBe(1)
  source.answer(1, 2)
  await clock.advance(1)
  source.answer(2, 3)
  await clock.advance(1)
  expect([running.value, pushing.value]).toEqual([2, 3])
  expect(source.ids).toEqual(['old', 'a', 'b'])
})
