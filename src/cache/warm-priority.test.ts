import { expect, test } from 'vitest'
import { defineCatalog } from '../core/catalog.ts'
import { family } from '../core/family.ts'
import { shape } from '../core/shape.ts'
import { ManualSource, openWorld, type SourceWorld, watch } from './source-world.test-support.ts'

const value = shape<number>()
const catalog = defineCatalog('warm-priority', {
  item: family('item:{name}', { value, ttl: '10s', staleWhileRevalidate: '60s' }),
  sum: family('sum:{name}', { value, ttl: '10s' }),
})

async function openNarrow(queue: number) {
  const source = new ManualSource()
  const world: SourceWorld<(typeof catalog)['families']> = await openWorld(catalog, {
    loadTimeout: '30s',
    sources: {
      item: { one: source.load, concurrency: 1, queue },
      sum: async (name: string): Promise<number> => (await world.cache.item.get(name)) ?? 0,
    },
  })
  return { source, ...world }
}

const warm = { priority: 'warm' } as const

test('where a source has no room, refresh is shed first, then warming, never a read', async () => {
  const { cache, clock, source, events } = await openNarrow(2)
  void cache.item.get('old')
  await clock.advance(1)
  source.answer(0)
  await clock.advance(11_000)
  const running = watch(cache.item.get('running'))
  await clock.advance(1)
  void cache.item.get('old')
  await clock.advance(1)
  const warming = watch(cache.item.get('warming', warm))
  await clock.advance(1)
  expect(cache.stats().sources.item).toEqual({ running: 1, waiting: 2 })

  const first = watch(cache.item.get('first'))
  await clock.advance(1)
  const shed = events.flatMap((event) => (event.kind === 'load' && event.error ? event.keys : []))
  expect([shed, warming.error]).toEqual([['item:old'], undefined])

  const second = watch(cache.item.get('second'))
  await clock.advance(1)
  expect(warming.error).toMatchObject({ code: 'SP_SOURCE_BUSY' })

  for (const call of [1, 2, 3]) {
    source.answer(call)
    await clock.advance(1)
  }
  expect([running, first, second].map((read) => read.value)).toEqual([1, 1, 1])
})

test('what a source reads for a load that warms is warming too', async () => {
  const { cache, clock, source } = await openNarrow(1)
  void cache.item.get('running')
  await clock.advance(1)
  const warming = watch(cache.sum.get('nested', warm))
  await clock.advance(1)
  const read = watch(cache.item.get('read'))
  await clock.advance(1)
  expect(warming.error).toMatchObject({ code: 'SP_SOURCE_BUSY' })
  source.answer(0)
  await clock.advance(1)
  source.answer(1)
  await clock.advance(1)
  expect(read.value).toBe(1)
})

test('a load that a reader shares is as urgent as the reader', async () => {
  const { cache, clock, source } = await openNarrow(2)
  void cache.item.get('running')
  await clock.advance(1)
  void cache.item.get('other', warm).catch(() => {})
  await clock.advance(1)
  const warming = watch(cache.item.get('shared', warm))
  await clock.advance(1)
  const joined = watch(cache.item.get('shared'))
  await clock.advance(1)
  source.answer(0)
  await clock.advance(1)
  expect(source.ids).toEqual(['running', 'shared'])
  source.answer(1, 7)
  await clock.advance(1)
  expect([warming.value, joined.value]).toEqual([7, 7])
})

test('reads that warm are counted apart, and said to be so', async () => {
  const { cache, clock, source, events } = await openNarrow(2)
  const reading = cache.item.lookup('a', warm)
  await clock.advance(1)
  source.answer(0)
  await reading
  await cache.settled()
  await cache.item.get('a')
  const { reads, warmed } = cache.stats().families.item ?? {}
  expect([warmed, reads?.source, reads?.memory]).toEqual([1, 0, 1])
  const told = events.flatMap((event) => (event.kind === 'read' ? [event] : []))
  expect(told).toMatchObject([{ id: 'a', key: 'item:a', priority: 'warm', weight: 1 }])
})

test('another priority is refused', async () => {
  const { cache } = await openNarrow(1)
  const reading = cache.item.get('a', { priority: 'refresh' } as never)
  await expect(reading).rejects.toMatchObject({ code: 'SP_OPTION_INVALID' })
})
