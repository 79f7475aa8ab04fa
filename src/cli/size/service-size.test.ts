import { expect, it } from 'vitest'
import { hitRatioAt } from './service-size.ts'

const curve = [
  { bytes: 100, hitRatio: 0.2 },
  { bytes: 200, hitRatio: 0.6 },
  { bytes: 400, hitRatio: 0.8 },
]

it.each([
  [100, 0.2],
  [150, 0.4],
  [300, 0.7],
  [50, 0.2],
  [1_000, 0.8],
])('reads the curve at %d bytes as %d', (bytes, hitRatio) => {
  expect(hitRatioAt(curve, bytes)).toBeCloseTo(hitRatio)
})

it('says nothing where there is no curve', () => {
  expect(hitRatioAt([], 100)).toBeUndefined()
})
