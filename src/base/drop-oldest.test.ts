import { expect, test } from 'vitest'
import { dropOldest } from './drop-oldest.ts'

test('what was put in first leaves, and put in again it is the newest', () => {
  const entries = new Map([
    ['a', 1],
    ['b', 2],
  ])
  entries.delete('a')
  entries.set('a', 3)
  dropOldest(entries)
  expect([...entries]).toEqual([['a', 3]])
})

test('an empty map stays empty', () => {
  const entries = new Map<string, number>()
  dropOldest(entries)
  expect(entries.size).toBe(0)
})
