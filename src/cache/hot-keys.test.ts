import { expect, test } from 'vitest'
import { HotKeys, hotKeysMax } from './hot-keys.ts'

test('a key is hot until its time is up', () => {
  const keys = new HotKeys()
  keys.mark('a', 100)
  expect(keys.isHot('a', 99)).toBe(true)
  expect(keys.isHot('b', 99)).toBe(false)
  expect(keys.isHot('a', 100)).toBe(false)
  expect(keys.count).toBe(0)
})

test('a mark that arrives late takes nothing away from one that reaches further', () => {
  const keys = new HotKeys()
  keys.mark('a', 200)
  keys.mark('a', 100)
  expect(keys.isHot('a', 150)).toBe(true)
})

test('of too many keys the one marked first is forgotten', () => {
  const keys = new HotKeys()
  for (let key = 0; key < hotKeysMax; key++) keys.mark(String(key), 100)
  keys.mark('0', 100)
  keys.mark('new', 100)
  expect(keys.count).toBe(hotKeysMax)
  expect(keys.isHot('0', 50)).toBe(true)
  expect(keys.isHot('1', 50)).toBe(false)
})
