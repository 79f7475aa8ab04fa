import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { IdKind, Region, Standing } from '../core/contracts/memory.ts'
import { AdaptiveMemory } from './adaptive-memory.ts'
import { entryOf } from './entry.test-support.ts'
import { FieldIndex } from './field-index.ts'

interface PairId {
  readonly market: number
  readonly user: string
}

let keysMade = 0
const ids: IdKind = {
  names: ['market', 'user'],
  memoryId(id) {
    keysMade++
    const { market, user, ...more } = id as PairId & Record<string, unknown>
    if (typeof market !== 'number' || typeof user !== 'string' || Object.keys(more).length > 0) {
      throw new TypeError('no id')
    }
    return `${market}:${user}`
  },
}
const keyOf = ({ market, user }: PairId) => `${market}:${user}`
const standings: readonly Standing[] = [
  { trust: { untilMs: 1e9, generation: 1 }, groups: { newest: 0, covers: () => true } },
]

function openRegion(): Region {
  keysMade = 0
  return new AdaptiveMemory({ bytesMax: 2 ** 30, entriesMax: 50 }).region('pairs', ids)
}

function put(region: Region, id: PairId, value: unknown): void {
  region.put(keyOf(id), entryOf({ value, generation: 1 }), 0)
}

function serve(region: Region, id: unknown): unknown {
  const slot = region.serve(id, standings, 1)
  return slot < 0 ? undefined : region.valueAt(slot)
}

describe('an entry under an id of several fields', () => {
  test('is found again without making its key', () => {
    const region = openRegion()
    put(region, { market: 1, user: 'a' }, 'first')
    expect(serve(region, { market: 1, user: 'a' })).toBe('first')
    expect(keysMade).toBe(1)
    expect(serve(region, { user: 'a', market: 1 })).toBe('first')
    expect(keysMade).toBe(1)
  })

  test('is gone when it was dropped, and another may have its slot', () => {
    const region = openRegion()
    put(region, { market: 1, user: 'a' }, 'first')
    serve(region, { market: 1, user: 'a' })
    region.drop('1:a')
    put(region, { market: 2, user: 'b' }, 'second')
    expect(serve(region, { market: 1, user: 'a' })).toBeUndefined()
    expect(serve(region, { market: 2, user: 'b' })).toBe('second')
  })

  test.each([
    ['a field too many', { market: 1, user: 'a', more: true }],
    ['a field of another type', { market: '1', user: 'a' }],
    ['a field too few', { market: 1 }],
    ['no object', '1:a'],
  ])('is not found by what is no id: %s', (_, id) => {
    const region = openRegion()
    put(region, { market: 1, user: 'a' }, 'first')
    serve(region, { market: 1, user: 'a' })
    expect(() => serve(region, id)).toThrow()
  })

  test('is not taken for another by an id whose fields change while they are read', () => {
    const region = openRegion()
    put(region, { market: 1, user: 'a' }, 'first')
    let reads = 0
    const changing = {
      get market() {
        reads++
        return reads === 2 ? 1 : 7
      },
      user: 'a',
    }
    serve(region, changing)
    expect(serve(region, { market: 7, user: 'a' })).toBeUndefined()
    expect(serve(region, { market: 1, user: 'a' })).toBe('first')
  })
})

test('whatever is put, served and dropped, an id has the value of its own key or none', () => {
  const id = fc.record({
    market: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.constant(-0), fc.maxSafeInteger()),
    user: fc.constantFrom('', 'a', 'b', 'c', '1', '1:a'),
  })
  const usual = ['put', 'put', 'serve', 'serve', 'drop'] as const
  const step = fc.record({ id, does: fc.constantFrom(...usual, ...usual, 'clear') })
  fc.assert(
    fc.property(fc.array(step, { minLength: 100, maxLength: 300 }), (steps) => {
      const region = openRegion()
      for (const [at, { id: one, does }] of steps.entries()) {
        if (does === 'put') put(region, one, `${keyOf(one)} at ${at}`)
        else if (does === 'drop') region.drop(keyOf(one))
        else if (does === 'clear') region.dropAll()
        const held = region.find(keyOf(one))
        expect(serve(region, one)).toBe(held < 0 ? undefined : region.valueAt(held))
      }
    }),
  )
})

test('the index knows most of what is there while entries come and go', () => {
  const index = new FieldIndex(['market', 'user'])
  const held = new Map<number, { market: number; user: string }>()
  let market = 0
  for (let at = 0; at < 60_000; at++) {
    const slot = (at * 7_919) % 4_000
    if (held.has(slot)) index.forget(slot)
    const id = { market: market++, user: 'a' }
    held.set(slot, id)
    index.note(slot, id)
  }
  const known = [...held].filter(([slot, id]) => index.find(id) === slot)
  expect(known.length).toBeGreaterThan(3_800)
})

test('an id with fields that it inherits is judged by its key, whatever is known', () => {
  const region = openRegion()
  const id = { market: 1, user: 'a' }
  put(region, id, 'first')
  serve(region, id)
  const made = keysMade
  expect(() => serve(region, Object.create(id))).toThrow()
  expect(keysMade).toBe(made + 1)
})

test('the index knows most of what it was shown', () => {
  const index = new FieldIndex(['market', 'user'])
  const shown = Array.from({ length: 10_000 }, (_, at) => ({ market: at, user: `u${at % 7}` }))
  const show = () => {
    for (const [slot, id] of shown.entries()) if (index.find(id) < 0) index.note(slot, id)
  }
  // It begins anew as it grows, so the first are shown twice.
  show()
  show()
  const known = shown.filter((id, slot) => index.find(id) === slot)
  expect(known.length).toBeGreaterThan(9_000)
  expect(shown.every((id, slot) => [slot, -1].includes(index.find(id)))).toBe(true)
})
