import { expect, it } from 'vitest'
import { Histogram } from './histogram.ts'

it('gives percentiles within a twentieth, and the largest exactly', () => {
  const histogram = new Histogram()
  for (let value = 1; value <= 1_000; value++) histogram.add(value)
  expect(histogram.count).toBe(1_000)
  expect(histogram.percentile(0.5)).toBeGreaterThanOrEqual(500)
  expect(histogram.percentile(0.5)).toBeLessThan(525)
  expect(histogram.percentile(0.99)).toBeGreaterThanOrEqual(990)
  expect(histogram.percentile(1)).toBe(1_000)
  expect(histogram.max).toBe(1_000)
})

it('is zero where nothing was counted', () => {
  const histogram = new Histogram()
  expect([histogram.count, histogram.max, histogram.percentile(0.99)]).toEqual([0, 0, 0])
})

it('adds up with one from another process', () => {
  const one = new Histogram()
  const other = new Histogram()
  one.add(1)
  other.add(100)
  other.add(200)
  one.merge(other.snapshot())
  expect(one.count).toBe(3)
  expect(one.max).toBe(200)
  expect(one.percentile(1 / 3)).toBeLessThan(1.1)
})

it('stays small whatever is counted', () => {
  const histogram = new Histogram()
  for (const value of [0, 1e-9, 1e12, 1e300]) histogram.add(value)
  expect(histogram.snapshot().counts.length).toBeLessThanOrEqual(520)
  expect(histogram.percentile(1)).toBeGreaterThan(1e8)
})
