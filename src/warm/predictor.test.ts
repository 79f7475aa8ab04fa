import { AsyncLocalStorage } from 'node:async_hooks'
import { afterEach, expect, test } from 'vitest'
import { SeededChance } from '../testing/seeded-chance.ts'
import { openPredictor, openWarmer, type Predictor, type Warmer } from './index.ts'
import { loadMs, openWarmWorld, type WarmWorld } from './warm-world.test-support.ts'

const minuteMs = 60_000
const members = ['one', 'two', 'three'] as const
let warmer: Warmer | undefined

afterEach(async () => {
  await warmer?.close()
})

interface Stage extends WarmWorld {
  readonly warmer: Warmer
  readonly predictor: Predictor
}

async function open(): Promise<Stage> {
  const world = await openWarmWorld()
  const { cache } = world
  const loadsPerSecond = 10_000
  const opened = openWarmer(cache, { clock: cache.clock, loadsPerSecond })
  warmer = opened
  const predictor = openPredictor(opened, { families: ['page', 'market'] })
  return { ...world, warmer: opened, predictor }
}

/** Somebody opens a page, looks at it, and then at what stands on it. */
async function visit({ cache }: Stage, group: number): Promise<void> {
  const page = cache.page.get(`${group}`)
  await cache.clock.advance(1_000)
  await page
  const reads = members.map((member) => cache.market.get(`${group} ${member}`))
  await cache.clock.advance(1_000)
  await Promise.all(reads)
}

/** Until all that was read has ended: everything has to be loaded again. */
const lifeMs = 6 * minuteMs

async function visits(stage: Stage, rounds: number): Promise<void> {
  const chance = new SeededChance(1)
  for (let round = 0; round < rounds; round++) {
    const groups = Array.from({ length: 20 }, (_, group) => ({ group, place: chance.unit() }))
    for (const { group } of groups.sort((a, b) => a.place - b.place)) await visit(stage, group)
    await stage.cache.clock.advance(lifeMs)
  }
}

test('loads what is read after a page while the page is looked at, all in one batch', async () => {
  const stage = await open()
  await visits(stage, 8)
  expect(stage.predictor.report().state).toBe('on')
  stage.loads.length = 0
  const page = stage.cache.page.get('7')
  await stage.cache.clock.advance(500)
  await page
  expect(stage.loads.toSorted()).toEqual([
    'market:7 one',
    'market:7 three',
    'market:7 two',
    'page:7',
  ])
  expect(stage.cache.stats().families.market?.warmed).toBeGreaterThan(0)
  expect(members.map((member) => stage.cache.market.peek(`7 ${member}`))).not.toContain(undefined)
})

test('counts what was used, and the reads that were hits because of it', async () => {
  const stage = await open()
  await visits(stage, 12)
  const report = stage.predictor.report()
  expect(report.preloads).toBeGreaterThan(150)
  expect(report.used).toBe(report.preloads)
  expect(report).toMatchObject({ late: 0, wasted: 0, originLoadAdded: 0 })
  expect(report.hitRatioGained).toBeCloseTo(report.used / report.reads)
  expect(report.leadMs).toBeCloseTo(loadMs, 0)
})

test('loads nothing that is held', async () => {
  const stage = await open()
  await visits(stage, 8)
  const { preloads } = stage.predictor.report()
  await visit(stage, 7)
  const once = stage.predictor.report().preloads
  expect(once - preloads).toBe(3)
  await visit(stage, 7)
  expect(stage.predictor.report().preloads).toBe(once)
})

test('loads nothing where what is read has no order', async () => {
  const stage = await open()
  const chance = new SeededChance(2)
  for (let read = 0; read < 2_000; read++) {
    void stage.cache.market.get(`${chance.below(400)}`)
    if (read % 3 === 0) void stage.cache.page.get(`${chance.below(100)}`)
    await stage.cache.clock.advance(read % 50 === 0 ? minuteMs : 200)
  }
  const { state, preloads } = stage.predictor.report()
  expect([state, preloads]).toEqual(['off', 0])
})

test('learns by whoever reads, where it or the warmer is told', async () => {
  const reader = new AsyncLocalStorage<string>()
  const { cache } = await openWarmWorld()
  const who = () => reader.getStore()
  const told = openWarmer(cache, { clock: cache.clock, who, name: 'told' })
  warmer = openWarmer(cache, { clock: cache.clock })
  const predictors = [
    openPredictor(told, { families: ['page'] }),
    openPredictor(warmer, { families: ['page'], who }),
    openPredictor(warmer, { families: ['page'] }),
  ]
  for (const name of ['ada', 'bob']) void reader.run(name, () => cache.page.get(name))
  await cache.clock.advance(500)
  await told.close()
  expect(predictors.map((predictor) => predictor.report().sessions)).toEqual([2, 2, 1])
})

test('leaves out what is only noted where it knows itself who reads', async () => {
  const { cache } = await openWarmWorld()
  warmer = openWarmer(cache, { clock: cache.clock })
  const knowing = openPredictor(warmer, { families: ['page'], who: () => 'ada' })
  const other = openPredictor(warmer, { families: ['page'] })
  warmer.note({ family: 'page', id: 'a', who: 'ada' })
  expect([knowing, other].map((predictor) => predictor.report().reads)).toEqual([0, 1])
})

test('has no part in what is closed', async () => {
  const stage = await open()
  await visits(stage, 8)
  stage.predictor.close()
  stage.predictor.close()
  const { reads, preloads } = stage.predictor.report()
  await visit(stage, 3)
  expect(stage.predictor.report()).toMatchObject({ reads, preloads })
})

test.each([[undefined], ['page'], [[1]], [[]]])('refuses the families %j', async (families) => {
  const { warmer: opened } = await open()
  const options = { families: families as unknown as string[] }
  const refused = expect.objectContaining({ code: 'SP_OPTION_INVALID' })
  expect(() => openPredictor(opened, options)).toThrow(refused)
})
