import { expect, test } from 'vitest'
import { SeededChance } from '../testing/seeded-chance.ts'
import { lowByWeight, sampleOf } from './wilson.ts'

test('the interval of the textbook', () => {
  const { low, high, share } = sampleOf(10, 100, 1_000_000)
  expect(share).toBe(0.1)
  expect(low).toBeCloseTo(0.0552, 4)
  expect(high).toBeCloseTo(0.1744, 4)
})

test('who has seen everything knows it, and who has seen nothing knows nothing', () => {
  expect(sampleOf(3, 10, 10)).toEqual({ sampled: 10, of: 10, share: 0.3, low: 0.3, high: 0.3 })
  expect(sampleOf(0, 0, 10)).toMatchObject({ low: 0, high: 1 })
})

test('none of many is not none', () => {
  const { low, high } = sampleOf(0, 1_000, 1_000_000)
  expect(low).toBe(0)
  expect(high).toBeGreaterThan(0.003)
})

test.each([0.01, 0.2, 0.5])('holds a true share of %s in at least 93 of 100 samples', (truth) => {
  const chance = new SeededChance(7)
  let held = 0
  for (let run = 0; run < 1_000; run++) {
    let hits = 0
    for (let draw = 0; draw < 500; draw++) if (chance.unit() < truth) hits++
    const { low, high } = sampleOf(hits, 500, 1_000_000)
    if (low <= truth && truth <= high) held++
  }
  expect(held).toBeGreaterThanOrEqual(930)
})

test('a share by weight is no surer than the items that make it', () => {
  const small = Array.from({ length: 400 }, () => ({ weight: 10, isHit: false }))
  const one = [...small, { weight: 1_000, isHit: true }]
  const many = [...small, ...Array.from({ length: 100 }, () => ({ weight: 10, isHit: true }))]
  expect(lowByWeight(one, 100_000)).toBeLessThan(0.01)
  expect(lowByWeight(one, one.length)).toBe(0.2)
  expect(lowByWeight(many, 100_000)).toBeCloseTo(0.165, 2)
  expect(lowByWeight([], 10)).toBe(0)
})
