import { beforeEach, describe, expect, test } from 'vitest'
import type { InvalidateAsk } from '../core/contracts/store.ts'
import {
  Journal,
  type JournalEntry,
  journalKeysMax,
  journalPatternsMax,
  journalTagsMax,
} from './journal.ts'
import { nameOfWish } from './wish.ts'

const order = (digits: number) => String(digits).padStart(19, '0')

const keyEntry = (
  key: string,
  sinceMs = 0,
  ask: Partial<InvalidateAsk> = {},
): JournalEntry & { readonly wish: { readonly kind: 'key' } } => {
  const plain = { order: '', keepsOrder: false, floorMs: 1_000, tokens: [], settle: undefined }
  const wish = { kind: 'key', ask: { key, ...plain, ...ask } } as const
  return { wish, reason: `reason of ${key}`, sinceMs, via: 'retry' }
}
const tagEntry = (tag: string, sinceMs = 0): JournalEntry => ({
  wish: { kind: 'tag', tag },
  reason: `reason of ${tag}`,
  sinceMs,
  via: 'retry',
})
const floorEntry: JournalEntry = {
  wish: { kind: 'floor' },
  reason: 'clear',
  sinceMs: 1,
  via: 'retry',
}
const patternEntry = (pattern: string, sinceMs = 0) => ({ pattern, reason: 'by glob', sinceMs })

let journal: Journal

beforeEach(() => {
  journal = new Journal({
    partitions: 2,
    // Keys of unknown families open with '?'.
    familyTagOf: (key) => (key.startsWith('?') ? undefined : `_${key.split(':')[0]}`),
  })
})

const keysNext = (count = 100) => journal.next(0, 'key', count).map(({ wish }) => nameOfWish(wish))
const askOf = (entry: JournalEntry | undefined) =>
  entry?.wish.kind === 'key' ? entry.wish.ask : undefined
const namesPending = () => [...journal.list()].map(({ key }) => key)
const isPending = (partition: number, key: string, ...tags: string[]) =>
  journal.isPending(partition, key, tags)

describe('what is pending', () => {
  test('is the key that was added, in its partition alone', () => {
    journal.add(0, keyEntry('user:7'))
    expect(isPending(0, 'user:7')).toBe(true)
    expect(isPending(0, 'user:8')).toBe(false)
    expect(isPending(1, 'user:7')).toBe(false)
    expect([journal.hasBacklog(0), journal.hasBacklog(1)]).toEqual([true, false])
  })

  test('is every key whose value carries a tag that was added', () => {
    journal.add(0, tagEntry('user%3A7'))
    expect(isPending(0, 'any', '_market', 'user%3A7')).toBe(true)
    expect(isPending(0, 'any', '_market', 'user%3A8')).toBe(false)
    expect(isPending(1, 'any', 'user%3A7')).toBe(false)
  })

  test('is every key of a partition whose floor is to be raised', () => {
    journal.add(0, floorEntry)
    expect(isPending(0, 'never mentioned')).toBe(true)
    expect(isPending(1, 'never mentioned')).toBe(false)
  })

  test('is every key that a pattern matches, in all partitions', () => {
    journal.addPattern(patternEntry('user:7:*'))
    expect([isPending(0, 'user:7:a'), isPending(1, 'user:7:b')]).toEqual([true, true])
    expect(isPending(0, 'user:70:a')).toBe(false)
  })

  test('comes out oldest first, so many at a time, one kind apart from the other', () => {
    journal.add(0, tagEntry('tag'))
    for (const key of ['one', 'two', 'three']) journal.add(0, keyEntry(key))
    expect(keysNext(2)).toEqual(['one', 'two'])
    expect(journal.next(0, 'tag', 9)).toHaveLength(1)
    expect(journal.next(0, 'floor', 9)).toHaveLength(0)
  })

  test('is shown by names for people, with reason and since when', () => {
    journal.add(0, keyEntry('user:7', 5))
    journal.add(0, tagEntry('user%3A7', 6))
    journal.add(0, tagEntry('_market', 7))
    journal.add(0, floorEntry)
    journal.addPattern(patternEntry('a:*', 8))
    expect(namesPending()).toEqual(['*', 'tag:user:7', 'family:market', 'user:7', 'a:*'])
    const shown = { key: 'user:7', sinceMs: 5, reason: 'reason of user:7' }
    expect([...journal.list()]).toContainEqual(shown)
    expect([journal.size, journal.oldestMs]).toEqual([5, 1])
  })

  test('is nothing once all of it was delivered', () => {
    journal.add(0, keyEntry('user:7'))
    journal.add(0, tagEntry('tag'))
    journal.add(0, floorEntry)
    journal.addPattern(patternEntry('a:*'))
    for (const kind of ['key', 'tag', 'floor'] as const) {
      journal.delivered(0, journal.next(0, kind, 10))
    }
    expect([journal.hasBacklog(0), journal.isEmpty]).toEqual([false, false])
    const pattern = journal.nextPattern()
    if (pattern !== undefined) journal.patternDelivered(pattern)
    expect([journal.isEmpty, journal.size, journal.oldestMs]).toEqual([true, 0, undefined])
    expect(isPending(0, 'user:7', 'tag')).toBe(false)
  })
})

describe('two invalidations of one key', () => {
  test('are one entry, waiting since the first', () => {
    journal.add(0, keyEntry('user:7', 5))
    journal.add(0, keyEntry('other', 6))
    journal.add(0, keyEntry('user:7', 9))
    expect(journal.size).toBe(2)
    expect(keysNext()).toEqual(['user:7', 'other'])
    expect(journal.next(0, 'key', 1)[0]?.sinceMs).toBe(5)
  })

  test('keep what either of them asks to keep, for the longer time', () => {
    journal.add(0, keyEntry('user:7', 0, { keepsOrder: true, floorMs: 1_000 }))
    journal.add(0, keyEntry('user:7', 0, { keepsOrder: false, floorMs: 9_000 }))
    const ask = askOf(journal.next(0, 'key', 1)[0])
    expect(ask).toMatchObject({ keepsOrder: true, floorMs: 9_000 })
  })

  test('leave the higher of their floors', () => {
    for (const digits of [3, 5, 4]) journal.add(0, keyEntry('k', 0, { order: order(digits) }))
    expect(askOf(journal.next(0, 'key', 1)[0])?.order).toBe(order(5))
  })

  test.each([
    ['first', '', order(5)],
    ['last', order(5), ''],
  ])(
    'are both said when the plain one came %s: one empties, one leaves a floor',
    (_, first, last) => {
      journal.add(0, keyEntry('user:7', 0, { order: first }))
      journal.add(0, keyEntry('user:7', 0, { order: last }))
      const orders = journal.next(0, 'key', 2).map((entry) => askOf(entry)?.order)
      expect(orders).toEqual([first, last])
      journal.delivered(0, journal.next(0, 'key', 1))
      expect(journal.isPending(0, 'user:7', [])).toBe(true)
    },
  )

  test('end the quarantines of both, and leave the longer one', () => {
    const settle = (ms: number) => ({ token: `settle ${ms}`, ms })
    journal.add(0, keyEntry('k', 0, { tokens: ['a', 'b'], settle: settle(900) }))
    journal.add(0, keyEntry('k', 0, { tokens: ['b', 'c'], settle: settle(100) }))
    journal.add(0, keyEntry('k'))
    const ask = askOf(journal.next(0, 'key', 1)[0])
    expect(ask).toMatchObject({ tokens: ['a', 'b', 'c'], settle: settle(900) })
  })
})

describe('a delivery under way', () => {
  test.each([
    ['key', keyEntry('user:7')],
    ['tag', tagEntry('user:7')],
    ['floor', floorEntry],
  ] as const)('does not take along a wish for the same %s that came meanwhile', (kind, entry) => {
    journal.add(0, entry)
    const sent = journal.next(0, kind, 10)
    journal.add(0, { ...entry })
    journal.delivered(0, sent)
    expect(journal.next(0, kind, 10)).toHaveLength(1)
  })

  test('of a pattern does not take along the same pattern asked for meanwhile', () => {
    journal.addPattern(patternEntry('a:*', 5))
    const sent = journal.nextPattern()
    journal.addPattern(patternEntry('a:*', 9))
    if (sent !== undefined) journal.patternDelivered(sent)
    expect(journal.nextPattern()).toMatchObject({ pattern: 'a:*', sinceMs: 5 })
  })

  test('takes along exactly the entry that adding gave back', () => {
    const kept = journal.add(0, keyEntry('user:7'))
    expect(journal.delivered(0, [kept])).toEqual([kept])
    expect(journal.delivered(0, [kept])).toEqual([])
    expect(isPending(0, 'user:7')).toBe(false)
    const first = journal.add(0, keyEntry('user:7'))
    const merged = journal.add(0, keyEntry('user:7'))
    journal.delivered(0, [first])
    expect(isPending(0, 'user:7')).toBe(true)
    journal.delivered(0, [merged])
    expect(isPending(0, 'user:7')).toBe(false)
  })

  test('of keys that have become a family meanwhile does not answer for the family', () => {
    for (let index = 0; index < journalKeysMax; index++) journal.add(0, keyEntry(`user:${index}`))
    const sent = journal.next(0, 'key', 1_000)
    journal.add(0, keyEntry('user:one more'))
    journal.delivered(0, sent)
    expect(namesPending()).toEqual(['family:user'])
  })
})

describe('an overflow', () => {
  const fill = (name: string, count: number) => {
    for (let index = 0; index < count; index++) journal.add(0, keyEntry(`${name}${index}`, 50))
  }

  test('happens only beyond the bound', () => {
    fill('user:', journalKeysMax)
    expect([journal.size, journal.overflows]).toEqual([journalKeysMax, 0])
  })

  test('of keys puts the family of most of them in their place, since the oldest', () => {
    journal.add(0, keyEntry('market:1', 3))
    fill('user:', journalKeysMax)
    expect(namesPending()).toEqual(['family:user', 'market:1'])
    expect([...journal.list()][0]).toMatchObject({ reason: 'overflow', sinceMs: 50 })
    expect(isPending(0, 'user:never mentioned', '_user')).toBe(true)
    expect(isPending(0, 'market:2', '_market')).toBe(false)
    expect(journal.overflows).toBe(1)
  })

  test('of keys of no known family becomes the floor', () => {
    fill('?', journalKeysMax + 1)
    expect(namesPending()).toEqual(['*'])
  })

  test('of tags becomes the floor, which stands for keys too', () => {
    fill('user:', 10)
    for (let index = 0; index <= journalTagsMax; index++) journal.add(0, tagEntry(`tag${index}`, 4))
    expect(namesPending()).toEqual(['*'])
    expect([journal.size, journal.oldestMs, journal.overflows]).toEqual([1, 4, 1])
    expect(isPending(1, 'never mentioned')).toBe(false)
  })

  test('of patterns becomes the floor of every partition', () => {
    for (let index = 0; index <= journalPatternsMax; index++) {
      journal.addPattern(patternEntry(`a${index}:*`, 7))
    }
    expect([...journal.list()]).toEqual(
      [0, 1].map(() => ({ key: '*', reason: 'overflow', sinceMs: 7 })),
    )
    expect([isPending(0, 'any'), isPending(1, 'any')]).toEqual([true, true])
  })

  test('never lets a partition hold more than the bounds', () => {
    for (let family = 0; family < 5; family++) fill(`f${family}:`, journalKeysMax)
    expect(journal.next(0, 'key', 1_000_000).length).toBeLessThanOrEqual(journalKeysMax)
    expect(journal.next(0, 'tag', 1_000_000).length).toBeLessThanOrEqual(journalTagsMax)
  })
})
