import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Entry } from '../core/entry.ts'
import { LruMemory } from './lru-memory.ts'

const entryOf = (sizeBytes: number, fid = 'fid'): Entry => ({
  partition: 0,
  value: fid,
  fid,
  clock: 0,
  tags: [],
  order: '',
  bornMs: 0,
  untilMs: 1_000,
  sizeBytes,
  generation: 1,
})

const memoryOf = (bytesMax = 800, entriesMax = 100) => new LruMemory({ bytesMax, entriesMax })

describe('a region', () => {
  test('keeps what was put, by id', () => {
    const region = memoryOf().region('users')
    const entry = entryOf(10)
    expect(region.put(7, entry)).toBe(true)
    expect(region.get(7)).toBe(entry)
    expect(region.get('7')).toBeUndefined()
  })

  test('is the same for the same family, and apart from others', () => {
    const memory = memoryOf()
    memory.region('users').put(7, entryOf(10))
    expect(memory.region('users').count).toBe(1)
    expect(memory.region('markets').get(7)).toBeUndefined()
  })

  test('replaces an entry and its bytes', () => {
    const memory = memoryOf()
    const region = memory.region('users')
    region.put(7, entryOf(60))
    region.put(7, entryOf(20, 'newer'))
    expect(region.get(7)?.fid).toBe('newer')
    expect(memory.stats()).toMatchObject({ entries: 1, bytes: 20, evictions: 0 })
  })

  test('drops one entry, once', () => {
    const memory = memoryOf()
    const region = memory.region('users')
    region.put(7, entryOf(60))
    expect([region.drop(7), region.drop(7)]).toEqual([true, false])
    expect(memory.stats()).toMatchObject({ entries: 0, bytes: 0, evictions: 0 })
  })

  test('drops all its entries and no other family’s', () => {
    const memory = memoryOf()
    const users = memory.region('users')
    users.put(1, entryOf(60))
    users.put(2, entryOf(60))
    memory.region('markets').put(1, entryOf(30))
    users.dropAll()
    expect(users.count).toBe(0)
    expect(memory.stats()).toMatchObject({ entries: 1, bytes: 30 })
  })
})

describe('an entry over an eighth of the budget', () => {
  test('is not admitted, one of exactly an eighth is', () => {
    const region = memoryOf(800).region('users')
    expect(region.put(1, entryOf(100))).toBe(true)
    expect(region.put(2, entryOf(101))).toBe(false)
    expect([region.get(1) !== undefined, region.get(2)]).toEqual([true, undefined])
  })

  test('leaves no older value in its place', () => {
    const memory = memoryOf(800)
    const region = memory.region('users')
    region.put(1, entryOf(50))
    region.put(1, entryOf(500))
    expect(region.get(1)).toBeUndefined()
    expect(memory.stats()).toMatchObject({ entries: 0, bytes: 0 })
  })
})

describe('when bytes run out', () => {
  test('the least recently read entry goes first', () => {
    const memory = memoryOf(800)
    const region = memory.region('users')
    for (let id = 1; id <= 8; id++) region.put(id, entryOf(100))
    region.get(1)
    region.put(9, entryOf(100))
    expect(region.get(2)).toBeUndefined()
    expect(region.get(1)).toBeDefined()
    expect(memory.stats()).toMatchObject({ entries: 8, bytes: 800, evictions: 1 })
  })

  test('the family with the most bytes gives up its own, whoever asked for room', () => {
    const memory = memoryOf(800)
    const [large, small] = [memory.region('large'), memory.region('small')]
    small.put(1, entryOf(100))
    for (let id = 1; id <= 7; id++) large.put(id, entryOf(100))
    small.put(2, entryOf(100))
    expect([small.count, large.count]).toEqual([2, 6])
    expect(large.get(1)).toBeUndefined()
  })
})

test('a family that was emptied is not asked for room any more', () => {
  const memory = memoryOf(800)
  const emptied = memory.region('emptied')
  for (let round = 1; round <= 3; round++) {
    for (let id = 1; id <= 8; id++) emptied.put(id, entryOf(100))
    emptied.drop(1)
    emptied.dropAll()
  }
  const [larger, smaller] = [memory.region('larger'), memory.region('smaller')]
  for (let id = 1; id <= 5; id++) larger.put(id, entryOf(100))
  for (let id = 1; id <= 4; id++) smaller.put(id, entryOf(100))
  expect([larger.count, smaller.count]).toEqual([4, 4])
  expect(memory.stats()).toMatchObject({ entries: 8, bytes: 800, evictions: 1 })
})

test('entries are bounded over all families together', () => {
  const memory = memoryOf(800, 3)
  for (const name of ['users', 'markets', 'orders', 'quotes'])
    memory.region(name).put(1, entryOf(5))
  expect(memory.stats()).toMatchObject({ entries: 3, bytes: 15, evictions: 1 })
})

test('when entries run out, the least recently read one goes', () => {
  const memory = memoryOf(800, 2)
  const region = memory.region('users')
  region.put(1, entryOf(10))
  region.put(2, entryOf(10))
  region.get(1)
  region.put(3, entryOf(10))
  expect([1, 2, 3].map((id) => region.get(id) !== undefined)).toEqual([true, false, true])
  expect(memory.stats()).toMatchObject({ entries: 2, bytes: 20, evictions: 1 })
})

test('no order of operations exceeds a bound, miscounts a byte or keeps what was dropped', () => {
  // Each of the two bounds is the first to be reached in some of the runs.
  const [bytesMax, entriesMax] = [160, 12]
  const family = fc.constantFrom('a', 'b', 'c')
  const id = fc.nat(9)
  const put = fc.tuple(fc.constant('put' as const), family, id, fc.integer({ min: 1, max: 24 }))
  const step = fc.oneof(
    { weight: 6, arbitrary: put },
    { weight: 2, arbitrary: fc.tuple(fc.constant('get' as const), family, id, fc.constant(0)) },
    { weight: 2, arbitrary: fc.tuple(fc.constant('drop' as const), family, id, fc.constant(0)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('clear' as const), family, id, fc.constant(0)) },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const memory = memoryOf(bytesMax, entriesMax)
      /** What was last put for each key, whether or not it was evicted since. */
      const last = new Map<string, Entry>()
      for (const [kind, name, key, sizeBytes] of steps) {
        const region = memory.region(name)
        const place = `${name} ${key}`
        if (kind === 'put') {
          const entry = entryOf(sizeBytes)
          const isAdmitted = region.put(key, entry)
          expect(isAdmitted).toBe(sizeBytes <= bytesMax / 8)
          expect(region.get(key)).toBe(isAdmitted ? entry : undefined)
          last.set(place, entry)
        }
        if (kind === 'get') region.get(key)
        if (kind === 'drop') {
          region.drop(key)
          last.delete(place)
        }
        if (kind === 'clear') {
          region.dropAll()
          for (const other of [...last.keys()]) if (other.startsWith(name)) last.delete(other)
        }
        expectInBounds(memory, last)
      }
    }),
  )

  function expectInBounds(memory: LruMemory, last: ReadonlyMap<string, Entry>): void {
    let [bytes, entries] = [0, 0]
    for (const name of ['a', 'b', 'c']) {
      const region = memory.region(name)
      for (let key = 0; key <= 9; key++) {
        const held = region.get(key)
        if (held === undefined) continue
        expect(held).toBe(last.get(`${name} ${key}`))
        bytes += held.sizeBytes
        entries++
      }
    }
    expect(memory.stats()).toMatchObject({ bytes, entries })
    expect(bytes).toBeLessThanOrEqual(bytesMax)
    expect(entries).toBeLessThanOrEqual(entriesMax)
  }
})
