import { expect, it } from 'vitest'
import { MissCurve } from './miss-curve.ts'

const curve = new MissCurve([0, 10, 30], [1, 0.6, 0.2])

it.each([
  [0, 1],
  [5, 0.8],
  [10, 0.6],
  [20, 0.4],
  [30, 0.2],
  [1_000, 0.2],
])('at %d entries misses %d of the uses', (entries, ratio) => {
  expect(curve.missRatioAt(entries)).toBeCloseTo(ratio, 10)
})

it('takes bytes by what an entry has on average', () => {
  expect(curve.missRatioAtBytes(2_000, 100)).toBeCloseTo(0.4, 10)
})

it('of nothing but an empty cache misses everything', () => {
  expect(new MissCurve([0], [1]).missRatioAt(7)).toBe(1)
})
