import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EvictionCause } from '../core/contracts/memory.ts'
import { AdaptiveMemory } from './adaptive-memory.ts'
import { entryOf, sizeOf, textOf } from './entry.test-support.ts'

const kilobyte = 1_024
const memoryOf = (bytesMax = 8 * kilobyte, entriesMax = 100) =>
  new AdaptiveMemory({ bytesMax, entriesMax })

describe('a region', () => {
  test('is the same for the same family, and apart from others', () => {
    const memory = memoryOf()
    memory.region('users').put(7, entryOf(), 0)
    expect(memory.region('users').count).toBe(1)
    expect(memory.region('markets').get(7)).toBeUndefined()
  })

  test('counts bytes of what replaces, not of what was replaced', () => {
    const memory = memoryOf()
    const region = memory.region('users')
    region.put(7, entryOf({ value: textOf(600) }), 0)
    region.put(7, entryOf({ value: textOf(200) }), 0)
    expect(memory.stats()).toMatchObject({ entries: 1, bytes: 200 })
    expect(region.bytes).toBe(200)
  })

  test('drops one entry, once', () => {
    const memory = memoryOf()
    const region = memory.region('users')
    region.put(7, entryOf(), 0)
    expect([region.drop(7), region.drop(7)]).toEqual([true, false])
    expect(memory.stats()).toMatchObject({ entries: 0, bytes: 0, evictions: { invalidated: 1 } })
  })

  test('drops all its entries and no other family’s', () => {
    const memory = memoryOf()
    const users = memory.region('users')
    for (const id of [1, 2]) users.put(id, entryOf(), 0)
    memory.region('markets').put(1, entryOf({ value: textOf(304) }), 0)
    users.dropAll()
    expect(users.count).toBe(0)
    expect(memory.stats()).toMatchObject({ entries: 1, bytes: 304 })
  })
})

describe('an entry over an eighth of the budget', () => {
  test('is not admitted, one of exactly an eighth is', () => {
    const memory = memoryOf(8 * kilobyte)
    const region = memory.region('users')
    expect(region.put(1, entryOf({ value: textOf(kilobyte) }), 0)).toBe(true)
    expect(region.put(2, entryOf({ value: textOf(kilobyte + 8) }), 0)).toBe(false)
    expect([region.find(1) >= 0, region.find(2)]).toEqual([true, -1])
    expect(memory.stats().rejected).toBe(1)
  })

  test('leaves no older value in its place', () => {
    const memory = memoryOf(8 * kilobyte)
    const region = memory.region('users')
    region.put(1, entryOf(), 0)
    region.put(1, entryOf({ value: textOf(5 * kilobyte) }), 0)
    expect(region.get(1)).toBeUndefined()
    expect(memory.stats()).toMatchObject({ entries: 0, bytes: 0 })
  })
})

test('a memory without room holds nothing', () => {
  const region = memoryOf(0, 0).region('users')
  expect(region.put(1, entryOf(), 0)).toBe(false)
  expect(region.find(1)).toBe(-1)
})

describe('when room runs out', () => {
  test('the family furthest over its share gives up entries, whoever asked', () => {
    const memory = memoryOf(8 * kilobyte)
    const [large, small] = [memory.region('large'), memory.region('small')]
    small.put(1, entryOf({ value: textOf(kilobyte) }), 0)
    for (let id = 1; id <= 7; id++) large.put(id, entryOf({ value: textOf(kilobyte) }), 0)
    small.put(2, entryOf({ value: textOf(kilobyte) }), 0)
    expect([small.count, large.count]).toEqual([2, 6])
    expect(memory.stats().evictions).toMatchObject({ bytes: 1, entries: 0 })
  })

  test('a share that was set decides who is over it', () => {
    const memory = memoryOf(8 * kilobyte)
    memory.share('large', 7 * kilobyte)
    const [large, small] = [memory.region('large'), memory.region('small')]
    for (let id = 1; id <= 6; id++) large.put(id, entryOf({ value: textOf(kilobyte) }), 0)
    for (let id = 1; id <= 3; id++) small.put(id, entryOf({ value: textOf(kilobyte) }), 0)
    expect([small.count, large.count]).toEqual([2, 6])
    memory.share('large', undefined)
    small.put(4, entryOf({ value: textOf(kilobyte) }), 0)
    expect([small.count, large.count]).toEqual([3, 5])
  })

  test('a family that was emptied is asked for nothing', () => {
    const memory = memoryOf(8 * kilobyte)
    const emptied = memory.region('emptied')
    for (let id = 1; id <= 8; id++) emptied.put(id, entryOf({ value: textOf(kilobyte) }), 0)
    emptied.dropAll()
    const [larger, smaller] = [memory.region('larger'), memory.region('smaller')]
    for (let id = 1; id <= 5; id++) larger.put(id, entryOf({ value: textOf(kilobyte) }), 0)
    for (let id = 1; id <= 4; id++) smaller.put(id, entryOf({ value: textOf(kilobyte) }), 0)
    expect([larger.count, smaller.count]).toEqual([4, 4])
  })

  test('entries are bounded over all families together', () => {
    const memory = memoryOf(8 * kilobyte, 3)
    for (const name of ['users', 'markets', 'orders', 'quotes']) {
      memory.region(name).put(1, entryOf(), 0)
    }
    expect(memory.stats()).toMatchObject({ entries: 3, evictions: { entries: 1, bytes: 0 } })
  })
})

describe('what has expired', () => {
  test('is found by sweeping, without being asked for', () => {
    const memory = memoryOf()
    const region = memory.region('users')
    region.put(1, entryOf({ untilMs: 100 }), 0)
    region.put(2, entryOf({ untilMs: 200 }), 0)
    memory.sweep(100)
    expect([region.find(1), region.find(2) >= 0]).toEqual([-1, true])
    expect(memory.stats().evictions.expired).toBe(1)
  })

  test('is found by what is put, a few slots at a time', () => {
    const memory = memoryOf(kilobyte * kilobyte, 1_000)
    const region = memory.region('users')
    for (let id = 0; id < 100; id++) region.put(id, entryOf({ untilMs: 100 }), 0)
    for (let id = 100; id < 150; id++) region.put(id, entryOf({ untilMs: 1_000 }), 500)
    expect(region.count).toBe(50)
  })

  test('goes before what is fresh when room runs out', () => {
    const memory = memoryOf(kilobyte * kilobyte, 20)
    const region = memory.region('users')
    for (let id = 0; id < 20; id++) region.put(id, entryOf({ untilMs: id < 10 ? 100 : 1_000 }), 0)
    for (let id = 20; id < 30; id++) region.put(id, entryOf({ untilMs: 1_000 }), 500)
    const fresh = Array.from({ length: 20 }, (_, index) => index + 10)
    expect(fresh.filter((id) => region.find(id) < 0)).toEqual([])
    expect(memory.stats().evictions).toMatchObject({ expired: 10, entries: 0 })
  })

  test('goes first, however often it was used, where no sweep has come by', () => {
    const memory = memoryOf(kilobyte * kilobyte, 100)
    const region = memory.region('users')
    for (let id = 0; id < 100; id++) {
      region.put(id, entryOf({ untilMs: id < 5 ? 100 : 1_000 }), 0)
      for (let use = 0; use < 3; use++) region.touch(region.find(id))
    }
    for (let id = 100; id < 105; id++) region.put(id, entryOf({ untilMs: 1_000 }), 500)
    expect(memory.stats().evictions).toMatchObject({ expired: 5, entries: 0 })
  })

  test('is swept in bounded steps, of all families in turn', () => {
    const memory = memoryOf(kilobyte ** 3, 100_000)
    const [first, second] = [memory.region('first'), memory.region('second')]
    for (let id = 0; id < 15_000; id++) first.put(id, entryOf({ untilMs: 1 }), 0)
    second.put(1, entryOf({ untilMs: 1 }), 0)
    memory.sweep(2)
    expect(first.count).toBe(5_000)
    memory.sweep(2)
    memory.sweep(2)
    expect([first.count, second.count]).toEqual([0, 0])
  })
})

test('each family tells what it holds, and its share', () => {
  const memory = memoryOf(8 * kilobyte)
  memory.share('users', 2 * kilobyte)
  memory.region('users').put(1, entryOf({ value: textOf(504) }), 0)
  memory.region('users').put(1, entryOf({ value: textOf(504) }), 0)
  memory.region('users').put(2, entryOf({}), 0)
  memory.region('users').drop(2)
  memory.region('markets')
  memory.region('orders')
  const none = { bytes: 0, entries: 0, expired: 0, stale: 0, invalidated: 0 }
  const left = { ...none, invalidated: 1 }
  expect(memory.stats().families).toEqual({
    users: { entries: 1, bytes: 504, bytesShare: 2 * kilobyte, puts: 2, evictions: left },
    markets: { entries: 0, bytes: 0, bytesShare: 3 * kilobyte, puts: 0, evictions: none },
    orders: { entries: 0, bytes: 0, bytesShare: 3 * kilobyte, puts: 0, evictions: none },
  })
})

test('no order of operations exceeds a bound, miscounts, or keeps what was dropped', () => {
  // Each of the two bounds is the first to be reached in some of the runs.
  const [bytesMax, entriesMax] = [4_096, 12]
  const names = ['a', 'b', 'c'] as const
  const at = { name: fc.constantFrom(...names), id: fc.nat(9) }
  const put = fc.record({
    kind: fc.constant('put' as const),
    ...at,
    bytes: fc.integer({ min: 18, max: 68 }).map((words) => words * 8),
    lifeMs: fc.integer({ min: 0, max: 20 }),
    staleMs: fc.constantFrom(0, 0, 30),
  })
  const other = fc.record({ kind: fc.constantFrom('use', 'drop'), ...at })
  const wide = fc.record({ kind: fc.constantFrom('clear', 'sweep', 'wait'), ...at })
  const step = fc.oneof(
    { weight: 6, arbitrary: put },
    { weight: 4, arbitrary: other },
    { weight: 2, arbitrary: wide },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const memory = memoryOf(bytesMax, entriesMax)
      const last = new Map<string, unknown>()
      let nowMs = 0
      for (const one of steps) {
        const region = memory.region(one.name)
        const place = `${one.name} ${one.id}`
        const slot = region.find(one.id)
        if (one.kind === 'put') {
          const value = textOf(one.bytes)
          const untilMs = nowMs + one.lifeMs
          const times = { bornMs: nowMs, untilMs, staleUntilMs: untilMs + one.staleMs }
          const isAdmitted = region.put(one.id, entryOf({ value, ...times }), nowMs)
          expect(isAdmitted).toBe(one.bytes <= bytesMax / 8)
          expect(region.find(one.id) >= 0).toBe(isAdmitted)
          last.set(place, value)
        } else if (one.kind === 'use') {
          if (slot >= 0) region.touch(slot)
        } else if (one.kind === 'drop') {
          expect(region.drop(one.id)).toBe(slot >= 0)
          last.delete(place)
        } else if (one.kind === 'clear') {
          region.dropAll()
          for (const key of [...last.keys()]) if (key.startsWith(one.name)) last.delete(key)
        } else if (one.kind === 'sweep') memory.sweep(nowMs)
        else nowMs += 5
        expectSound(memory, last)
      }
    }),
    { numRuns: 300 },
  )

  function expectSound(memory: AdaptiveMemory, last: ReadonlyMap<string, unknown>): void {
    let [bytes, entries, bytesStale] = [0, 0, 0]
    for (const name of names) {
      const region = memory.region(name)
      bytesStale += region.bytesStale
      for (let id = 0; id <= 9; id++) {
        const held = region.get(id)
        if (held === undefined) continue
        expect(held.value).toBe(last.get(`${name} ${id}`))
        bytes += sizeOf(held.value)
        entries++
      }
    }
    expect(memory.stats()).toMatchObject({ bytes, entries, bytesStale })
    expect(bytes).toBeLessThanOrEqual(bytesMax)
    expect(entries).toBeLessThanOrEqual(entriesMax)
    expect(bytesStale).toBeLessThanOrEqual(bytesMax / 8)
  }
})

test('causes of evictions add up to what has gone', () => {
  const memory = memoryOf(4 * kilobyte, 10)
  const region = memory.region('users')
  let put = 0
  for (let id = 0; id < 200; id++) {
    const untilMs = id % 3 === 0 ? id : 10_000
    const staleUntilMs = id % 6 === 0 ? untilMs + 20 : untilMs
    region.put(id, entryOf({ value: textOf(304 + 8 * (id % 26)), untilMs, staleUntilMs }), id)
    if (id % 7 === 0 && region.drop(id - 1)) put--
    put++
  }
  const { evictions, entries } = memory.stats()
  const causes: readonly EvictionCause[] = ['bytes', 'entries', 'expired', 'stale']
  expect(causes.filter((cause) => evictions[cause] === 0)).toEqual([])
  expect(causes.reduce((sum, cause) => sum + evictions[cause], entries)).toBe(put)
})
