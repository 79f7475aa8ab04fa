import { describe, expect, it } from 'vitest'
import { hashOfId } from '../id-hash.ts'
import { Shards, sampledKeysMax } from './shards.ts'

/** Each id used in turn, again and again: it is hit if all of them fit, and never if not. */
function looped(ids: number, rounds: number): Shards {
  const shards = new Shards()
  for (let round = 0; round < rounds; round++) {
    for (let id = 0; id < ids; id++) shards.use(hashOfId(id))
  }
  return shards
}

describe('of fewer keys than it may sample', () => {
  it('the curve is exact', () => {
    const curve = looped(50, 10).curve()
    expect(curve.missRatioAt(49)).toBe(1)
    expect(curve.missRatioAt(50)).toBeCloseTo(0.1, 10)
    expect(curve.missRatioAt(5_000)).toBeCloseTo(0.1, 10)
  })

  it('a key used again at once is hit by a cache of one entry', () => {
    const shards = new Shards()
    for (const id of [1, 1, 2, 2, 2]) shards.use(hashOfId(id))
    expect(shards.curve().missRatioAt(1)).toBeCloseTo(0.4, 10)
  })
})

describe('of ten times as many keys', () => {
  const shards = looped(sampledKeysMax * 10, 5)

  it('no more than the bound are sampled', () => {
    expect(shards.sampledKeys).toBe(sampledKeysMax)
  })

  it('the step of the curve is where it belongs, to some percent', () => {
    const curve = shards.curve()
    expect(curve.missRatioAt(sampledKeysMax * 9)).toBeGreaterThan(0.95)
    expect(curve.missRatioAt(sampledKeysMax * 11)).toBeLessThan(0.25)
    expect(Math.abs(curve.missRatioAt(sampledKeysMax * 11) - 0.2)).toBeLessThan(0.02)
  })
})

it('a key that a fifth of all uses goes to, sampled or not, does not skew the curve', () => {
  const hotShare = 5
  const curves = [0, 2 ** 32 - 1].map((hotHash) => {
    const shards = new Shards()
    for (let use = 0; use < 400_000; use++) {
      shards.use(use % hotShare === 0 ? hotHash : hashOfId(use % 80_000))
    }
    return shards.curve()
  })
  // The others are seldom used before as many as this have been used.
  for (const curve of curves) {
    expect(Math.abs(curve.missRatioAt(1_000) - 0.8)).toBeLessThan(0.02)
  }
})

it('before anything was used everything is missed', () => {
  expect(new Shards().curve().missRatioAt(10)).toBe(1)
})
