import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packSize, unpackSize } from './size-bits.ts'

const sizes = fc.integer({ min: 0, max: 2 ** 32 - 1 })

test('a size comes back no smaller, and by a thousandth larger at most', () => {
  fc.assert(
    fc.property(sizes, (bytes) => {
      const counted = unpackSize(packSize(bytes))
      expect(counted).toBeGreaterThanOrEqual(bytes)
      expect(counted).toBeLessThanOrEqual(bytes * (1 + 1 / 1_000))
    }),
  )
})

test('a size that has been rounded stays as it is', () => {
  fc.assert(
    fc.property(sizes, (bytes) => {
      const counted = unpackSize(packSize(bytes))
      expect(unpackSize(packSize(counted))).toBe(counted)
    }),
  )
})

test.each([
  [0, 0],
  [1_023, 1_023],
  [1_024, 1_024],
  [2_047, 2_047],
  [2_048, 2_048],
  [2_049, 2_050],
  [2 ** 32 - 1, 2 ** 32],
])('%d bytes count as %d', (bytes, counted) => {
  expect(unpackSize(packSize(bytes))).toBe(counted)
})

test.each([2 ** 41, 2 ** 50, Number.POSITIVE_INFINITY])('%d bytes take fifteen bits', (bytes) => {
  expect(packSize(bytes)).toBeLessThan(2 ** 15)
  expect(unpackSize(packSize(bytes))).toBe(2 ** 41 - 2 ** 30)
})
