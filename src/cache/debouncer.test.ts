import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { DebounceWorld, loadTimeoutMs, type Options } from './debounce-world.test-support.ts'
import { debouncesMax } from './debounces.ts'

let world: DebounceWorld

beforeEach(() => {
  world = new DebounceWorld()
})

describe('a change', () => {
  test('waits for the wait, and further ones never restart it', async () => {
    const debounce = world.open()
    for (let second = 0; second < 20; second++) {
      debounce.add('a', second)
      await world.clock.advance(1_000)
    }
    expect(world.writes).toEqual([{ atMs: 15_000, entries: { a: 15 } }])
    await world.clock.advance(20_000)
    expect(world.writes.at(-1)).toEqual({ atMs: 31_000, entries: { a: 19 } })
  })

  test('goes along if it would be due before the next flush may begin, else waits', async () => {
    const debounce = world.open()
    debounce.add('a', 1)
    await world.clock.advance(400)
    debounce.add('b', 2)
    await world.clock.advance(400)
    debounce.add('c', 3)
    await world.clock.advance(20_000)
    expect(world.writes).toEqual([
      { atMs: 15_000, entries: { a: 1, b: 2 } },
      { atMs: 15_800, entries: { c: 3 } },
    ])
  })

  test('of a key that waits is merged as asked', async () => {
    const debounce = world.open({ merge: (older, newer) => older + newer })
    for (const value of [1, 2, 3]) debounce.add('a', value)
    await world.clock.advance(16_000)
    expect(world.writes).toMatchObject([{ entries: { a: 6 } }])
  })

  test('wins over one that can not be merged with it', async () => {
    const merge = () => {
      throw new Error('no')
    }
    const debounce = world.open({ merge })
    debounce.add('a', 1)
    debounce.add('a', 2)
    expect(world.faults).toMatchObject([{ error: { code: 'SP_DEBOUNCE_FAILED' } }])
    await world.clock.advance(16_000)
    expect(world.writes).toMatchObject([{ entries: { a: 2 } }])
  })
})

describe('flushes', () => {
  test('begin no more often than asked, and none has more than a batch', async () => {
    const debounce = world.open({ wait: 1, maxBatch: 10, maxPending: 1_000 })
    for (let index = 0; index < 300; index++) {
      debounce.add(`k${index}`, index)
      await world.clock.advance(10)
    }
    await world.clock.advance(30_000)
    const starts = world.writes.map(({ atMs }) => atMs)
    const gaps = starts.slice(1).map((atMs, at) => atMs - (starts[at] ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(500)
    expect(Math.max(...world.writes.map(({ entries }) => Object.keys(entries).length))).toBe(10)
    expect(debounce.stats).toMatchObject({ pending: 0, written: 300 })
  })

  test('keep their distance even if a timer fires early', async () => {
    const { clock } = world
    const timer = clock.timer.bind(clock)
    clock.timer = (delayMs, task) => timer(Math.max(0.1, delayMs - 1), task)
    const debounce = world.open({ wait: 1 })
    debounce.add('a', 1)
    await clock.advance(10)
    debounce.add('b', 1)
    await clock.advance(1_000)
    const [first = 0, second = 0] = world.writes.map(({ atMs }) => atMs)
    expect(second - first).toBeGreaterThanOrEqual(500)
  })

  test('are one at a time, however long one takes', async () => {
    const debounce = world.open({ wait: '1s' })
    world.hold()
    debounce.add('a', 1)
    await world.clock.advance(1_001)
    debounce.add('a', 2)
    await world.clock.advance(5_000)
    expect(world.signals).toHaveLength(1)
    world.letGo()
    await world.clock.advance(1)
    expect(world.writes.map(({ entries }) => entries)).toEqual([{ a: 1 }, { a: 2 }])
  })

  test('are told by their signal that they take too long', async () => {
    const debounce = world.open({ wait: '1s' })
    world.hold()
    debounce.add('a', 1)
    await world.clock.advance(1_000 + loadTimeoutMs - 1)
    expect(world.signals[0]?.aborted).toBe(false)
    await world.clock.advance(2)
    expect(world.signals[0]?.reason).toMatchObject({ code: 'SP_TIMEOUT' })
  })

  test('that fail are repeated in growing pauses; nothing is lost, newer values win', async () => {
    const debounce = world.open({ wait: '1s' })
    world.failures = 3
    debounce.add('a', 1)
    debounce.add('b', 1)
    await world.clock.advance(1_001)
    debounce.add('b', 2)
    debounce.add('c', 1)
    await world.clock.advance(10_000)
    expect(world.writes).toMatchObject([{ entries: { a: 1, b: 2, c: 1 } }])
    expect(debounce.stats).toMatchObject({ failures: 3, flushes: 1, written: 3, pending: 0 })
    expect(world.faults).toHaveLength(3)
    expect(world.faults).toMatchObject([{ error: { code: 'SP_DEBOUNCE_FAILED' } }, {}, {}])
  })

  test('that fail are merged with what came meanwhile', async () => {
    const debounce = world.open({ wait: '1s', merge: (older, newer) => older * 10 + newer })
    world.hold()
    world.failures = 1
    debounce.add('a', 1)
    await world.clock.advance(1_001)
    debounce.add('a', 2)
    world.letGo()
    await world.clock.advance(10_000)
    expect(world.writes).toMatchObject([{ entries: { a: 12 } }])
  })

  test('asked for begin at once, and reject with their error', async () => {
    const debounce = world.open({ maxBatch: 2 })
    for (const key of ['a', 'b', 'c']) debounce.add(key, 1)
    await debounce.flush()
    expect(world.writes).toMatchObject([{ entries: { a: 1, b: 1 } }, { entries: { c: 1 } }])
    debounce.add('d', 1)
    world.failures = 1
    await expect(debounce.flush()).rejects.toThrow('the database is away')
    expect(debounce.size).toBe(1)
  })
})

describe('room', () => {
  test('that is half taken is emptied without waiting', async () => {
    const debounce = world.open({ maxPending: 10 })
    for (let index = 0; index < 5; index++) debounce.add(`k${index}`, index)
    await world.clock.advance(1)
    expect(world.writes).toHaveLength(1)
  })

  test('that is taken is for no new key, only for known ones', async () => {
    const debounce = world.open({ maxPending: 3, maxBatch: 3 })
    world.hold()
    for (const key of ['a', 'b', 'c']) debounce.add(key, 1)
    debounce.add('c', 2)
    expect(() => debounce.add('d', 1)).toThrow('SP_DEBOUNCE_FULL')
    await world.clock.advance(1)
    expect(() => debounce.add('d', 1)).toThrow('SP_DEBOUNCE_FULL')
    expect(debounce.stats).toMatchObject({ pending: 3, refused: 2 })
    world.letGo()
    await world.clock.advance(1)
    debounce.add('d', 1)
    expect(debounce.size).toBe(1)
  })
})

describe('a change of pace', () => {
  test('holds at once for what waits already', async () => {
    const debounce = world.open()
    debounce.add('a', 1)
    await world.clock.advance(3_000)
    debounce.configure({ wait: '2s' })
    await world.clock.advance(1)
    expect(world.writes).toHaveLength(1)
  })

  test('keeps what it does not name', async () => {
    const debounce = world.open({ wait: 1 })
    debounce.configure({ flushesPerSecond: 10 })
    for (const key of ['a', 'b', 'c']) {
      debounce.add(key, 1)
      await world.clock.advance(101)
    }
    expect(world.writes.map(({ atMs }) => atMs)).toEqual([1, 102, 203])
  })
})

describe('options', () => {
  test.each([
    { wait: 0 },
    { wait: undefined },
    { flush: undefined },
    { flushesPerSecond: 0 },
    { flushesPerSecond: 101 },
    { maxBatch: 0 },
    { maxPending: 1.5 },
    { merge: 'newer' },
    { waits: '1s' },
  ])('%j are refused', (options) => {
    expect(() => world.open(options as unknown as Options)).toThrow(/SP_OPTION_(INVALID|UNKNOWN)/)
  })

  test('for another one are refused when there are too many', () => {
    for (let count = 0; count < debouncesMax; count++) world.open()
    expect(() => world.open()).toThrow('SP_OPTION_INVALID')
  })
})

test('the last value of every key is written, in time, whatever fails in between', async () => {
  const deed = fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'd'),
    afterMs: fc.integer({ min: 0, max: 700 }),
    fails: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { maxLength: 40 }), async (deeds) => {
      world = new DebounceWorld()
      const debounce = world.open({ wait: '2s', maxBatch: 2 })
      const last: Record<string, number> = {}
      for (const [index, { key, afterMs, fails }] of deeds.entries()) {
        if (fails) world.failures++
        debounce.add(key, index)
        last[key] = index
        await world.clock.advance(afterMs)
      }
      world.failures = 0
      await world.clock.advance(60_000)
      expect(Object.assign({}, ...world.writes.map(({ entries }) => entries))).toEqual(last)
      expect(debounce.size).toBe(0)
      await debounce.close()
    }),
    { numRuns: 50 },
  )
})
