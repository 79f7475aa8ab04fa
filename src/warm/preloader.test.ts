import { describe, expect, test } from 'vitest'
import { openPreloader, openWarmer } from './index.ts'
import {
  minuteMs,
  openPreloading as open,
  pagesOf,
  readPages,
} from './preload-world.test-support.ts'
import { openWarmWorld } from './warm-world.test-support.ts'

describe('a cold start', () => {
  test('begins with the seeds, and what is read takes their places', async () => {
    const world = await open({ families: { page: { seeds: ['volume', 'liquidity', 'new'] } } })
    await world.cache.clock.advance(1_000)
    expect(world.loads).toEqual(['page:volume', 'page:liquidity', 'page:new'])
    await readPages(world, { ending: 60, volume: 60 })
    expect(pagesOf(world)?.chosen).toBe(2)
    world.loads.length = 0
    await world.cache.page.invalidate(['volume', 'liquidity', 'new', 'ending'])
    await world.cache.clock.advance(15_000)
    expect(world.loads.sort()).toEqual(['page:ending', 'page:volume'])
  })

  test('begins with the seeds again where nobody has been for long', async () => {
    const world = await open({ families: { page: { seeds: ['volume'], halfLife: '1m' } } })
    await world.cache.clock.advance(1_000)
    await readPages(world, { ending: 60 })
    await world.cache.clock.advance(60 * minuteMs)
    world.loads.length = 0
    await world.cache.clock.advance(5 * minuteMs)
    expect(new Set(world.loads)).toEqual(new Set(['page:volume']))
  })

  test('begins with what another process has learned, as old as it is', async () => {
    const first = await open({ families: { page: {} } })
    await readPages(first, { a: 60, b: 30, rare: 1 })
    const learned = first.preloader.snapshot()
    expect(learned.counts.map(({ id }) => id)).toEqual(['a', 'b', 'rare'])

    const second = await open({ families: { page: {} }, learned })
    await second.cache.clock.advance(1_000)
    expect(second.loads).toEqual(['page:a', 'page:b'])
    const taken = learned.takenMs - 120 * minuteMs
    const late = await open({ families: { page: {} }, learned: { ...learned, takenMs: taken } })
    await late.cache.clock.advance(1_000)
    expect(late.loads).toEqual([])
  })

  test('leaves out what another build has learned and is no id here, and counts it', async () => {
    const counts = [
      { family: 'page', id: { order: 'volume', page: 1 }, count: 60 },
      { family: 'gone', id: 'a', count: 60 },
      { family: 'page', id: 'b', count: Number.NaN },
      { family: 'page', id: 'c', count: Number.MAX_VALUE },
      { family: 'page', id: 'a', count: 60 },
    ]
    const learned = { takenMs: Date.now(), counts }
    const world = await open({ families: { page: {} }, learned })
    await world.cache.clock.advance(1_000)
    expect(world.loads).toEqual(['page:a'])
    expect(world.preloader.report()).toMatchObject({ unlearned: 4 })
  })
})

describe('what is kept warm', () => {
  test('is the fewest pages that cover the share of reads, at most as many as may be', async () => {
    const world = await open({ families: { page: { share: 0.9, entries: 2 } } })
    await readPages(world, { a: 70, b: 25, c: 5 })
    expect(pagesOf(world)).toMatchObject({ chosen: 2, followed: 3 })
    await readPages(world, { c: 60 })
    expect(pagesOf(world)?.chosen).toBe(2)
    expect(pagesOf(world)?.coveredShare).toBeGreaterThan(0.8)
  })

  test('is not what is read so seldom that nobody would see it', async () => {
    const world = await open({ families: { page: { share: 1, uses: 2 } } })
    await readPages(world, { rare: 2, often: 30 })
    expect(pagesOf(world)).toMatchObject({ chosen: 1, followed: 2 })
  })

  test.each([undefined, '149s'] as const)(
    'lives through rounds every %s: no reader waits for it',
    async (every) => {
      const world = await open({ families: { page: { seeds: ['a'], every } } })
      await world.cache.clock.advance(1_000)
      const froms: string[] = []
      for (let second = 0; second < 1_200; second++) {
        const reading = world.cache.page.lookup('a')
        await world.cache.clock.advance(1_000)
        froms.push((await reading).from)
      }
      expect(new Set(froms)).toEqual(new Set(['memory']))
      expect(pagesOf(world)).toMatchObject({ reads: 1_200, served: 1_200, servedShare: 1 })
      expect(world.loads.length).toBeLessThanOrEqual(9)
    },
  )

  test('is what each active group reads too, such as the pages of one user', async () => {
    const world = await open(
      { families: { page: { share: 0.5, entries: 1 } }, groups: { most: 10, entries: 2 } },
      { who: (_, id) => (String(id).startsWith('ada') ? 'ada' : undefined) },
    )
    await readPages(world, { all: 60, 'ada 1': 3, 'ada 2': 2, 'ada 3': 1 })
    expect(world.preloader.report().activeGroups).toBe(1)
    await world.cache.clear()
    world.loads.length = 0
    await world.cache.clock.advance(5 * minuteMs)
    expect([...new Set(world.loads)].sort()).toEqual(['page:ada 1', 'page:ada 2', 'page:all'])
    await world.cache.clock.advance(60 * minuteMs)
    expect(world.preloader.report().activeGroups).toBe(0)
  })

  test('is not what a note says of a read that the cache has seen', async () => {
    const world = await open({ families: { page: {} }, groups: {} })
    for (let time = 0; time < 30; time++) {
      world.warmer.note({ family: 'page', id: 'noted', who: 'ada' })
    }
    expect(pagesOf(world)).toMatchObject({ reads: 0, chosen: 0 })
    expect(world.preloader.report().activeGroups).toBe(1)
    await world.cache.clock.advance(6 * minuteMs)
    expect(new Set(world.loads)).toEqual(new Set(['page:noted']))
  })
})

describe('events', () => {
  test('a popular page that is invalidated is loaded again at once, once a second', async () => {
    const world = await open({ families: { page: { seeds: ['a'] } } })
    await world.cache.clock.advance(1_000)
    world.loads.length = 0
    for (let time = 0; time < 100; time++) {
      await world.cache.page.invalidate(['a', 'unread'])
      await world.cache.clock.advance(50)
    }
    await world.cache.clock.advance(2_000)
    expect(new Set(world.loads)).toEqual(new Set(['page:a']))
    expect(world.loads.length).toBeGreaterThanOrEqual(4)
    expect(world.loads.length).toBeLessThanOrEqual(6)
    expect(world.cache.page.peek('a')).toBeDefined()
  })

  test('a group that is invalidated loads again what is popular and gone', async () => {
    const world = await open({ families: { page: { seeds: ['a'] }, market: { seeds: ['b'] } } })
    await world.cache.clock.advance(1_000)
    world.loads.length = 0
    await world.cache.page.clear()
    await world.cache.clock.advance(1_000)
    expect(world.loads).toEqual(['page:a'])
  })

  test('are of no concern to a family that says so', async () => {
    const world = await open({ families: { page: { seeds: ['a'], reload: false } } })
    await world.cache.clock.advance(1_000)
    world.loads.length = 0
    await world.cache.page.invalidate('a')
    await world.cache.clock.advance(2_000)
    expect(world.loads).toEqual([])
  })

  test('what is touched is loaded again now, together, whatever is there', async () => {
    const world = await open({ families: { page: {} } })
    await readPages(world, { a: 1, b: 1 })
    world.loads.length = 0
    for (let time = 0; time < 10; time++) world.preloader.touch('page', ['a', 'b'])
    await world.cache.clock.advance(900)
    expect(world.loads).toEqual(['page:a', 'page:b'])
    expect(world.cache.page.peek('a')).toBe('a 2')
    expect(() => world.preloader.touch('page', [7])).toThrowError(
      expect.objectContaining({ code: 'SP_ID_TYPE' }),
    )
  })

  test('what is touched is loaded again, whatever else happens in the same moment', async () => {
    const world = await open({ families: { page: { seeds: ['a'] } } })
    await world.cache.clock.advance(1_000)
    world.loads.length = 0
    world.preloader.touch('page', ['a'])
    await world.cache.market.clear()
    await world.cache.clock.advance(1_000)
    expect(world.loads).toEqual(['page:a'])
  })

  test('that are too many at once are left to the readers', async () => {
    const world = await open({ families: { page: {} } })
    const ids = Array.from({ length: 1_005 }, (_, at) => `${at}`)
    world.preloader.touch('page', ids)
    expect(world.preloader.report().dropped).toBe(5)
  })
})

test('closing ends its tasks and reloads, and leaves the warmer to others', async () => {
  const world = await open({ families: { page: { seeds: ['a'] } } })
  await world.cache.clock.advance(1_000)
  const closing = world.preloader.close()
  await world.cache.clock.advance(2_000)
  await closing
  world.loads.length = 0
  await world.cache.page.invalidate('a')
  world.preloader.touch('page', ['a'])
  await world.cache.clock.advance(10 * minuteMs)
  expect(world.loads).toEqual([])
  expect(world.warmer.report()).toMatchObject({ standing: 'elected', tasks: [] })
})

test.each([
  [{ families: {} }],
  [{ families: { page: { share: 2 } } }],
  [{ families: { page: { seeds: 'a' } } }],
  [{ families: { page: { entries: 0 } } }],
  [{ families: { none: {} } }],
])('wrong options are refused: %j', async (options) => {
  const { cache } = await openWarmWorld()
  const warmer = openWarmer(cache, { clock: cache.clock })
  expect(() => openPreloader(warmer, options as never)).toThrowError(
    expect.objectContaining({ code: 'SP_OPTION_INVALID' }),
  )
  await warmer.close()
})
