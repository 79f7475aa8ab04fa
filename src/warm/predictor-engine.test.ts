import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SeededChance } from '../testing/seeded-chance.ts'
import { itemsMax } from './association.ts'
import { PredictorEngine } from './predictor-engine.ts'
import { sessionsMax } from './predictor-history.ts'

interface Item {
  readonly key: number
}

/** A memory that holds the keys that were put into it last; what is wanted is there at once. */
class World {
  readonly engine: PredictorEngine<Item>
  readonly #held = new Set<number>()
  readonly #capacity: number
  #atMs = 0
  hits = 0
  preloads = 0
  preloadsWhileOff = 0

  constructor(capacity: number) {
    this.#capacity = capacity
    this.engine = new PredictorEngine({
      isHeld: ({ key }) => this.#held.has(key),
      livesMs: () => Number.POSITIVE_INFINITY,
    })
  }

  read(key: number, session?: number): void {
    const atMs = ++this.#atMs
    const isHit = this.#held.has(key)
    if (isHit) this.hits++
    this.#put(key)
    const wasOff = this.engine.state === 'off'
    const [result, bornMs] = isHit ? (['hit', 0] as const) : (['miss', undefined] as const)
    const wanted = this.engine.read({ item: { key }, session, atMs, result, bornMs })
    const isOff = this.engine.state === 'off'
    if (wasOff && isOff) this.preloadsWhileOff += wanted.length
    for (const item of wanted) {
      this.preloads++
      this.#put(item.key)
      const stay = { readyMs: atMs, untilMs: Number.POSITIVE_INFINITY, bornMs: 0 }
      this.engine.arrived(item, stay)
    }
  }

  #put(key: number): void {
    this.#held.delete(key)
    this.#held.add(key)
    if (this.#held.size <= this.#capacity) return
    for (const oldest of this.#held) {
      this.#held.delete(oldest)
      return
    }
  }
}

const groups = 200
const groupSize = 4

/** Groups are read as a whole: one by chance, then its members in their order. */
function grouped(seed: number, rounds: number): readonly number[] {
  const chance = new SeededChance(seed)
  return Array.from({ length: rounds }, () => chance.below(groups)).flatMap((group) =>
    Array.from({ length: groupSize }, (_, member) => group * groupSize + member),
  )
}

function shuffled(keys: readonly number[], seed: number): readonly number[] {
  const chance = new SeededChance(seed)
  const order = keys.map((key) => ({ key, place: chance.unit() }))
  return order.sort((a, b) => a.place - b.place).map(({ key }) => key)
}

function readAll(keys: readonly number[], world = new World(100)): World {
  for (const key of keys) world.read(key)
  return world
}

describe('what is read in groups', () => {
  test('switches it on, and most of it is hit then', () => {
    const world = readAll(grouped(1, 5_000))
    const { state, used, preloads, precision } = world.engine.report()
    expect(state).toBe('on')
    expect(used / preloads).toBeGreaterThan(0.9)
    expect(precision).toBeGreaterThan(0.9)
    expect(world.hits).toBeGreaterThan(10_000)
  })

  test('loads nothing when it is shuffled', () => {
    const world = readAll(shuffled(grouped(1, 5_000), 2))
    expect(world.engine.report()).toMatchObject({ state: 'off', switches: 0, preloads: 0 })
    expect(world.preloads).toBe(0)
  })

  test('switches it off when the groups end, and on again when they are back', () => {
    const world = readAll(grouped(1, 5_000))
    // The first half of each group comes as before, and what follows is by chance.
    const broken = grouped(3, 20_000).map((key, at) => (at % 4 < 2 ? key : (key * 31 + at) % 800))
    readAll(broken, world)
    expect(world.engine.report().state).toBe('off')
    readAll(grouped(4, 20_000), world)
    expect(world.engine.report().state).toBe('on')
  })

  test('is learned within each session, however sessions are mixed', () => {
    const sessions = Array.from({ length: 20 }, (_, seed) => grouped(seed, 400))
    const [apart, together] = [new World(300), new World(300)]
    const chance = new SeededChance(9)
    const left = sessions.map((keys) => [...keys].reverse())
    for (let read = 0; read < 20 * 1_200; read++) {
      const session = chance.below(sessions.length)
      const key = left[session]?.pop()
      if (key === undefined) continue
      apart.read(key, session)
      together.read(key)
    }
    expect([apart.engine.state, together.engine.state]).toEqual(['on', 'off'])
  })
})

test('what takes longer to load than it takes to be read is not predicted', () => {
  const world = new World(100)
  for (let load = 0; load < 100; load++) world.engine.took(3)
  readAll(grouped(1, 5_000), world)
  // By chance a group follows itself now and then.
  expect(world.engine.report().supposed).toBeLessThan(20)
  expect(world.engine.report()).toMatchObject({ state: 'off', preloads: 0, leadMs: 3 })
})

test('says what it costs and what it brings', () => {
  const world = readAll([...grouped(1, 3_000), ...shuffled(grouped(1, 500), 2)])
  const report = world.engine.report()
  const { preloads, used, late, wasted, reads, misses } = report
  expect(reads).toBe(14_000)
  expect(misses + world.hits).toBe(reads)
  expect(preloads).toBe(world.preloads)
  expect(used + late + wasted).toBeLessThanOrEqual(preloads)
  expect(report.hitRatioGained).toBe(used / reads)
  expect(report.originLoadAdded).toBe(wasted / (misses + used))
})

test('keeps its bounds whatever is read, and loads nothing while it is off', () => {
  const shape = fc.record({
    seed: fc.nat(),
    keys: fc.integer({ min: 1, max: 30_000 }),
    sessions: fc.integer({ min: 1, max: 3_000 }),
    capacity: fc.integer({ min: 1, max: 500 }),
    /** Of the reads that follow another by a rule. */
    order: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  fc.assert(
    fc.property(shape, ({ seed, keys, sessions, capacity, order }) => {
      const chance = new SeededChance(seed)
      const world = new World(capacity)
      let key = 0
      for (let read = 0; read < 8_000; read++) {
        key = chance.happens(order) ? (key * 7 + 1) % keys : chance.below(keys)
        world.read(key, chance.below(sessions))
      }
      const report = world.engine.report()
      expect(report.keys).toBeLessThanOrEqual(itemsMax)
      expect(report.sessions).toBeLessThanOrEqual(sessionsMax)
      expect(world.preloadsWhileOff).toBe(0)
      expect(report.originLoadAdded).toBeLessThanOrEqual(0.05 + 1e-9)
    }),
    { numRuns: 15 },
  )
})
