import { expect, test } from 'vitest'
import { Unrest, unrestCharsMax, unrestKeysMax } from './unrest.ts'

const rules = {
  distance: (before: unknown, after: unknown) => Math.abs(Number(after) - Number(before)),
  calm: 1,
  wild: 10,
  longestMs: 600_000,
  shortestMs: 10_000,
}

test('of the first value of a key nothing is known', () => {
  const unrest = new Unrest(rules)
  expect(unrest.after('a', 5, 1)).toBeUndefined()
  expect(unrest.after('b', 9, 1)).toBeUndefined()
})

test('differences are smoothed, key by key', () => {
  const unrest = new Unrest(rules)
  unrest.after('a', 0, 1)
  unrest.after('b', 100, 1)
  expect(unrest.after('a', 10, 1)).toBe(10)
  expect(unrest.after('a', 10, 1)).toBeCloseTo(7)
  expect(unrest.after('b', 101, 1)).toBe(1)
})

test('large values are not kept', () => {
  const unrest = new Unrest(rules)
  unrest.after('a', 0, 1)
  expect(unrest.after('a', 5, unrestCharsMax + 1)).toBeUndefined()
  expect(unrest.count).toBe(0)
})

test('the number of keys is bounded; the one loaded longest ago is forgotten', () => {
  const unrest = new Unrest(rules)
  for (let key = 0; key < unrestKeysMax; key++) unrest.after(String(key), 0, 1)
  unrest.after('0', 0, 1)
  unrest.after('new', 0, 1)
  expect(unrest.count).toBe(unrestKeysMax)
  expect(unrest.after('0', 4, 1)).toBeDefined()
  expect(unrest.after('1', 4, 1)).toBeUndefined()
})

test('a distance that fails is told to whoever stores the value', () => {
  const distance = () => {
    throw new Error('no prices')
  }
  const unrest = new Unrest({ ...rules, distance })
  unrest.after('a', 0, 1)
  expect(() => unrest.after('a', 1, 1)).toThrow('no prices')
})
