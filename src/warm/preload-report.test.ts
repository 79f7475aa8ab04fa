import { describe, expect, test } from 'vitest'
import { SeededChance } from '../testing/seeded-chance.ts'
import { openWarmer } from './index.ts'
import { openPreloading as open, pagesOf, readPages } from './preload-world.test-support.ts'
import { openWarmWorld } from './warm-world.test-support.ts'

describe('the report', () => {
  test('says which reads were served by what was loaded ahead, and what nobody used', async () => {
    const world = await open({ families: { page: { seeds: ['a', 'unread'] } } })
    await world.cache.clock.advance(1_000)
    await readPages(world, { a: 3, other: 1 })
    expect(pagesOf(world)).toMatchObject({
      reads: 4,
      served: 3,
      servedShare: 0.75,
      preloads: 2,
      usedPreloads: 1,
      chosen: 2,
    })
    const [a] = world.preloader.report().pages
    expect(a).toMatchObject({ family: 'page', id: 'a', reads: 3, served: 3, preloads: 1 })
    expect(a?.count).toBeCloseTo(3, 0)
  })

  test('does not claim what a reader has loaded since', async () => {
    const world = await open({ families: { page: { seeds: ['a'], reload: false } } })
    await world.cache.clock.advance(1_000)
    await world.cache.page.invalidate('a')
    await readPages(world, { a: 5 })
    expect(pagesOf(world)).toMatchObject({ reads: 5, served: 0, usedPreloads: 0 })
  })

  test('says how much of a core learning takes', async () => {
    const world = await openWarmWorld()
    const { clock } = world.cache
    let lostMs = 0
    const slow = {
      now: () => clock.now() + lostMs,
      wallMs: () => clock.wallMs(),
      timer: clock.timer.bind(clock),
      endOfTick: clock.endOfTick.bind(clock),
    }
    const warmer = openWarmer(world.cache, { clock: slow })
    warmer.accesses(() => {
      lostMs += 1
    })
    for (let time = 0; time < 160; time++) warmer.note({ family: 'page', id: 'a' })
    await clock.advance(15_840)
    expect(warmer.report().busyShare).toBeCloseTo(0.01)
    await warmer.close()
  })

  test('counts a read that stands for many as many', async () => {
    const world = await open({ families: { page: { seeds: ['a'] } } }, { sampleHits: 10 })
    await world.cache.clock.advance(1_000)
    await readPages(world, { a: 1_000 })
    const { reads = 0, servedShare } = pagesOf(world) ?? {}
    expect(Math.abs(reads - 1_000)).toBeLessThan(50)
    expect(servedShare).toBeGreaterThan(0.95)
  })
})

test('nine in ten reads of lists are served by what was loaded ahead', async () => {
  const world = await open({ families: { page: { seeds: ['0', '1'] } } })
  await world.cache.clock.advance(1_000)
  const chance = new SeededChance(1)
  // Of 30 pages the n-th is read 1/n as often as the first, as near as this comes to it.
  const read = () => world.cache.page.get(`${Math.floor(30 ** chance.unit()) - 1}`)
  for (let second = 0; second < 3_600; second++) {
    const reading = Promise.all([read(), read()])
    await world.cache.clock.advance(1_000)
    await reading
  }
  const { servedShare, preloads = 0, usedPreloads = 0, chosen } = pagesOf(world) ?? {}
  expect(servedShare).toBeGreaterThan(0.9)
  expect(usedPreloads / preloads).toBeGreaterThan(0.9)
  expect(chosen).toBeLessThan(30)
})
