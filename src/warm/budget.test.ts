import { getEventListeners } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import { waitingMax } from './budget.ts'
import { openWarmer, type PreloadRequest, type Warmer, type WarmerOptions } from './index.ts'
import { loadMs, openWarmWorld, type WarmWorld } from './warm-world.test-support.ts'

type World = WarmWorld & { readonly warmer: Warmer }

async function open(options: WarmerOptions = {}): Promise<World> {
  const world = await openWarmWorld()
  const warmer = openWarmer(world.cache, { clock: world.cache.clock, ...options })
  onTestFinished(() => warmer.close())
  return { ...world, warmer }
}

/** What it came to, once so much time has passed. */
async function preload({ warmer, cache }: World, request: PreloadRequest, ms = 60_000) {
  const loading = warmer.preload(request)
  await cache.clock.advance(ms)
  return loading
}

const namesTo = (count: number) => Array.from({ length: count }, (_, at) => `${at}`)

describe('a budget', () => {
  test('loads what is not there, and says what it has loaded', async () => {
    const world = await open()
    const { cache, loads } = world
    await preload(world, { family: 'page', ids: ['b'] }, 1_000)
    const bornMs = cache.clock.now()
    const result = await preload(world, { family: 'page', ids: ['a', 'b'] })
    expect(result).toMatchObject({ loaded: 1, present: 1, failed: 0, refused: 0 })
    expect(result.values).toEqual([{ id: 'a', key: 'page:a', bornMs: expect.any(Number) }])
    expect(result.values[0]?.bornMs).toBeCloseTo(bornMs, -1)
    expect(loads).toEqual(['page:b', 'page:a'])
  })

  test('is so many loads at a time, whoever asks', async () => {
    const world = await open({ concurrency: 2, loadsPerSecond: 1_000 })
    const asking = ['a', 'b', 'c', 'd', 'e'].map((id) =>
      world.warmer.preload({ family: 'page', ids: [id, `${id}2`] }),
    )
    await world.cache.clock.advance(10_000)
    await Promise.all(asking)
    expect([world.peak(), world.loads.length]).toEqual([2, 10])
  })

  test('is all for one who asks alone', async () => {
    const world = await open({ concurrency: 3 })
    await preload(world, { family: 'page', ids: ['a', 'b', 'c', 'd', 'e'] }, 2 * loadMs + 10)
    expect([world.peak(), world.loads.length]).toEqual([3, 5])
  })

  test('is so many loads a second, after a first second at once', async () => {
    const world = await open({ concurrency: 10, loadsPerSecond: 20 })
    const loading = world.warmer.preload({ family: 'market', ids: namesTo(100) })
    await world.cache.clock.advance(500)
    expect(world.loads.length).toBeLessThanOrEqual(30)
    await world.cache.clock.advance(2_000)
    expect(world.loads.length).toBeLessThanOrEqual(70)
    expect(world.loads.length).toBeGreaterThanOrEqual(50)
    await world.cache.clock.advance(3_000)
    expect(await loading).toMatchObject({ loaded: 100 })
  })

  test('is not spent on what is there', async () => {
    const world = await open({ loadsPerSecond: 10 })
    const ids = namesTo(30)
    await preload(world, { family: 'market', ids })
    const again = world.warmer.preload({ family: 'market', ids })
    await world.cache.clock.advance(10)
    expect(await again).toMatchObject({ loaded: 0, present: 30 })
    expect(world.warmer.report().loads).toBe(30)
  })

  test('serves what is urgent first', async () => {
    const world = await open({ concurrency: 1 })
    const asking = ['a', 'b', 'c'].map((id) => world.warmer.preload({ family: 'page', ids: [id] }))
    const urgent = world.warmer.preload({ family: 'page', ids: ['now'], urgent: true })
    await world.cache.clock.advance(10 * loadMs)
    await Promise.all([...asking, urgent])
    expect(world.loads).toEqual(['page:a', 'page:now', 'page:b', 'page:c'])
  })

  test('refuses whom it has no room for, and forgets those who leave', async () => {
    const world = await open({ concurrency: 1 })
    const leaving = new AbortController()
    const ask = (id: string) =>
      world.warmer.preload({ family: 'page', ids: [id], signal: leaving.signal })
    const asking = [ask('first'), ...namesTo(waitingMax).map(ask)]
    expect(await ask('late')).toMatchObject({ refused: 1 })
    expect(world.warmer.report()).toMatchObject({ running: 1, waiting: waitingMax })
    leaving.abort()
    await world.cache.clock.advance(loadMs)
    expect((await asking[1])?.refused).toBe(1)
    expect(world.warmer.report()).toMatchObject({ running: 0, waiting: 0 })
  })

  test('listens once to a signal that many wait with, which Node does not warn of', async () => {
    const warnings: Error[] = []
    const onWarning = (warning: Error) => warnings.push(warning)
    process.on('warning', onWarning)
    onTestFinished(() => void process.off('warning', onWarning))
    const world = await open({ concurrency: 2, loadsPerSecond: 1 })
    const { signal } = new AbortController()
    const asking = namesTo(30).map((id) =>
      world.warmer.preload({ family: 'page', ids: [id], signal }),
    )
    await world.cache.clock.advance(1_000)
    expect(world.warmer.report().waiting).toBeGreaterThan(20)
    await world.cache.clock.advance(60_000)
    await Promise.all(asking)
    expect(warnings).toEqual([])
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('ends with the warmer for those who have a signal of their own', async () => {
    const world = await open({ concurrency: 1, loadsPerSecond: 1 })
    const { cache, warmer, loads } = world
    const own = new AbortController()
    onTestFinished(() => own.abort())
    const asking = ['a', 'b', 'c'].map((id) =>
      warmer.preload({ family: 'page', ids: [id], signal: own.signal }),
    )
    await cache.clock.advance(2 * loadMs)
    const before = [...loads]
    await warmer.close()
    expect(warmer.report()).toMatchObject({ running: 0, waiting: 0 })
    expect(await Promise.all(asking)).toMatchObject([{ loaded: 1 }, { refused: 1 }, { refused: 1 }])
    await cache.clock.advance(10_000)
    expect(loads).toEqual(before)
  })

  test('counts what fails, and goes on', async () => {
    const world = await open()
    world.failing.add('b')
    const result = await preload(world, { family: 'page', ids: ['a', 'b', 'c'] })
    expect(result).toMatchObject({ loaded: 2, failed: 1 })
  })

  test('rejects for what is no family, id or duration', async () => {
    const { warmer } = await open()
    for (const request of [
      { family: 'none', ids: [] },
      { family: 'page', ids: [7] },
      { family: 'page', ids: [], freshFor: 'soon' },
    ]) {
      const code = expect.stringMatching(/^SP_(OPTION_INVALID|ID_TYPE)$/)
      await expect(warmer.preload(request as never)).rejects.toMatchObject({ code })
    }
  })
})

describe('values that end soon', () => {
  test('are loaded anew, and others are left alone', async () => {
    const world = await open()
    await preload(world, { family: 'page', ids: ['old'] }, 200_000)
    await preload(world, { family: 'page', ids: ['young'] }, 10_000)
    const request = { family: 'page', ids: ['old', 'young'], freshFor: '2m' } as const
    expect(await preload(world, request, 1_000)).toMatchObject({ loaded: 1, present: 1 })
    expect(world.loads).toEqual(['page:old', 'page:young', 'page:old'])
    expect(await preload(world, request, 1_000)).toMatchObject({ loaded: 0, present: 2 })
  })

  test('are left alone in the first half of a short life', async () => {
    const world = await open()
    await preload(world, { family: 'short', ids: ['a'] }, 12_000)
    const request = { family: 'short', ids: ['a'], freshFor: '5m' } as const
    expect(await preload(world, request, 2_000)).toMatchObject({ loaded: 0, present: 1 })
    expect(await preload(world, request, 1_000)).toMatchObject({ loaded: 1 })
  })

  test('anew, are loaded whatever is there', async () => {
    const world = await open()
    await preload(world, { family: 'page', ids: ['a'] }, 1_000)
    await preload(world, { family: 'page', ids: ['a'], anew: true }, 1_000)
    expect(world.loads).toEqual(['page:a', 'page:a'])
    expect(await world.cache.page.get('a')).toBe('a 2')
  })
})
