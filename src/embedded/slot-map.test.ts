import { expect, it } from 'vitest'
import { SlotMap } from './slot-map.ts'

const put = (map: SlotMap, key: string, lifeMs: number, nowMs = 0) =>
  map.put(key, 'text', { lifeMs, nowMs })

it('has a text until its life is over', () => {
  const map = new SlotMap(1000)
  put(map, 'k', 10)
  expect(map.ttlMs('k', 4)).toBe(6)
  expect(map.cell('k', 10)?.text).toBe('text')
  expect(map.cell('k', 11)).toBeUndefined()
  expect(map.ttlMs('k', 11)).toBe(-2)
})

it('keeps the life of a text that is rewritten', () => {
  const map = new SlotMap(1000)
  put(map, 'k', 10)
  map.rewrite('k', 'new', 5)
  expect(map.cell('k', 10)?.text).toBe('new')
  expect(map.cell('k', 11)).toBeUndefined()
})

it('sweeps what has expired while others are written, read or not', () => {
  const map = new SlotMap(1_000_000)
  for (let id = 0; id < 1000; id++) put(map, `old${id}`, 10)
  for (let id = 0; id < 400; id++) put(map, `new${id}`, 10, 20)
  expect(map.count).toBe(400)
})

it('evicts what was written longest ago when all texts are too large', () => {
  const map = new SlotMap(60)
  for (let id = 0; id < 100; id++) {
    put(map, `k${id % 10}`, 10)
    expect(map.chars).toBeLessThanOrEqual(60)
  }
  expect([...map.keys()]).toEqual(['k0', 'k1', 'k2', 'k3', 'k4', 'k5', 'k6', 'k7', 'k8', 'k9'])
  put(map, 'more', 10)
  expect(map.cell('k0', 0)).toBeUndefined()
  expect(map.cell('k9', 0)).toBeDefined()
})

it('counts the same characters whatever was done', () => {
  const map = new SlotMap(1000)
  put(map, 'a', 10)
  put(map, 'a', 10)
  map.rewrite('a', 'longer text', 5)
  put(map, 'b', 10)
  map.drop('b')
  map.drop('b')
  expect(map.chars).toBe('a'.length + 'longer text'.length)
})
