import { beforeEach, describe, expect, test } from 'vitest'
import type { InvalidateAsk } from '../core/contracts/store.ts'
import { Journal, type JournalEntry, journalKeysMax } from './journal.ts'

const order = (digits: number) => String(digits).padStart(19, '0')

const entryOf = (key: string, sinceMs = 0, ask: Partial<InvalidateAsk> = {}): JournalEntry => ({
  ask: { key, order: '', keepsOrder: false, floorMs: 1_000, ...ask },
  reason: `reason of ${key}`,
  sinceMs,
})

let journal: Journal

beforeEach(() => {
  journal = new Journal()
})

const keysNext = (count = 100) => journal.next(0, count).map(({ ask }) => ask.key)

describe('what is pending', () => {
  test('is the key that was added, in its partition alone', () => {
    journal.add(0, entryOf('user:7'))
    expect(journal.isPending(0, 'user:7')).toBe(true)
    expect(journal.isPending(0, 'user:8')).toBe(false)
    expect(journal.isPending(1, 'user:7')).toBe(false)
    expect([journal.hasBacklog(0), journal.hasBacklog(1)]).toEqual([true, false])
  })

  test('comes out oldest first, so many at a time', () => {
    for (const key of ['one', 'two', 'three']) journal.add(0, entryOf(key))
    expect(keysNext(2)).toEqual(['one', 'two'])
  })

  test('is shown with its reason and since when', () => {
    journal.add(0, entryOf('user:7', 5))
    expect([...journal.list()]).toEqual([{ key: 'user:7', sinceMs: 5, reason: 'reason of user:7' }])
  })

  test('is nothing once all of it was delivered', () => {
    journal.add(0, entryOf('user:7'))
    journal.delivered(0, journal.next(0, 10))
    expect(journal.isPending(0, 'user:7')).toBe(false)
    expect([journal.hasBacklog(0), journal.size]).toEqual([false, 0])
  })
})

describe('two invalidations of one key', () => {
  test('are one entry, waiting since the first', () => {
    journal.add(0, entryOf('user:7', 5))
    journal.add(0, entryOf('other', 6))
    journal.add(0, entryOf('user:7', 9))
    expect(journal.size).toBe(2)
    expect(keysNext()).toEqual(['user:7', 'other'])
    expect(journal.next(0, 1)[0]?.sinceMs).toBe(5)
  })

  test('keep what either of them asks to keep, for the longer time', () => {
    journal.add(0, entryOf('user:7', 0, { keepsOrder: true, floorMs: 1_000 }))
    journal.add(0, entryOf('user:7', 0, { keepsOrder: false, floorMs: 9_000 }))
    expect(journal.next(0, 1)[0]?.ask).toMatchObject({ keepsOrder: true, floorMs: 9_000 })
  })

  test('leave the higher of their floors', () => {
    journal.add(0, entryOf('user:7', 0, { order: order(3) }))
    journal.add(0, entryOf('user:7', 0, { order: order(5) }))
    journal.add(0, entryOf('user:7', 0, { order: order(4) }))
    expect(journal.next(0, 1)[0]?.ask.order).toBe(order(5))
  })

  test.each([
    ['first', '', order(5)],
    ['last', order(5), ''],
  ])('spare no value when the plain one came %s', (_, first, last) => {
    journal.add(0, entryOf('user:7', 0, { order: first }))
    journal.add(0, entryOf('user:7', 0, { order: last }))
    expect(journal.next(0, 1)[0]?.ask.order).toBe('')
  })
})

describe('a delivery under way', () => {
  test('does not take along a wish for the same key that came meanwhile', () => {
    journal.add(0, entryOf('user:7'))
    journal.add(0, entryOf('user:8'))
    const sent = journal.next(0, 10)
    journal.add(0, entryOf('user:7'))
    journal.delivered(0, sent)
    expect(keysNext()).toEqual(['user:7'])
  })

  test('does not take along a wish that came after another delivery of the key', () => {
    journal.add(0, entryOf('user:7'))
    const sent = journal.next(0, 10)
    journal.delivered(0, sent)
    journal.add(0, entryOf('user:7'))
    journal.delivered(0, sent)
    expect(journal.isPending(0, 'user:7')).toBe(true)
  })

  test('takes along exactly the entry that adding gave back', () => {
    const kept = journal.add(0, entryOf('user:7'))
    journal.delivered(0, [kept])
    expect(journal.isPending(0, 'user:7')).toBe(false)
    const first = journal.add(0, entryOf('user:7'))
    const merged = journal.add(0, entryOf('user:7'))
    journal.delivered(0, [first])
    expect(journal.isPending(0, 'user:7')).toBe(true)
    journal.delivered(0, [merged])
    expect(journal.isPending(0, 'user:7')).toBe(false)
  })

  test('of single keys does not answer the wish for the whole partition', () => {
    for (let index = 0; index < journalKeysMax; index++) journal.add(0, entryOf(`key ${index}`))
    const sent = journal.next(0, 1_000)
    journal.add(0, entryOf('one more'))
    journal.delivered(0, sent)
    expect(journal.floorWanted(0)).toBeDefined()
    expect(journal.isPending(0, 'key 0')).toBe(true)
  })
})

describe('an overflow', () => {
  const fill = () => {
    for (let index = 0; index <= journalKeysMax; index++) {
      journal.add(0, entryOf(`key ${index}`, 50 + index))
    }
  }

  test('happens only beyond the bound', () => {
    for (let index = 0; index < journalKeysMax; index++) journal.add(0, entryOf(`key ${index}`))
    expect([journal.size, journal.floorWanted(0)]).toEqual([journalKeysMax, undefined])
  })

  test('becomes one wish for the whole partition, where every key is pending', () => {
    fill()
    expect(journal.size).toBe(1)
    expect(journal.floorWanted(0)).toBeDefined()
    expect(journal.next(0, 10)).toEqual([])
    expect(journal.isPending(0, 'never mentioned')).toBe(true)
    expect(journal.isPending(1, 'never mentioned')).toBe(false)
    expect([...journal.list()]).toEqual([{ key: '*', sinceMs: 50, reason: 'overflow' }])
  })

  test('holds no keys afterwards, however many are added', () => {
    fill()
    for (let index = 0; index < 100; index++) journal.add(0, entryOf(`later ${index}`))
    expect(journal.size).toBe(1)
  })

  test('is over when the floor was raised for all that it stands for', () => {
    fill()
    journal.floorDelivered(0, journal.floorWanted(0) ?? Number.NaN)
    expect([journal.hasBacklog(0), journal.size]).toEqual([false, 0])
    expect(journal.isPending(0, 'key 0')).toBe(false)
  })

  test('that follows another is not answered by the floor of the first', () => {
    fill()
    const first = journal.floorWanted(0) ?? Number.NaN
    journal.floorDelivered(0, first)
    fill()
    journal.floorDelivered(0, first)
    expect(journal.isPending(0, 'key 0')).toBe(true)
  })

  test('is not over for what was added while the floor was on its way', () => {
    fill()
    const edition = journal.floorWanted(0) ?? Number.NaN
    journal.add(0, entryOf('late'))
    journal.floorDelivered(0, edition)
    expect(journal.isPending(0, 'late')).toBe(true)
    journal.floorDelivered(0, journal.floorWanted(0) ?? Number.NaN)
    expect(journal.isPending(0, 'late')).toBe(false)
  })
})
