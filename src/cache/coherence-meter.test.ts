import { beforeEach, describe, expect, it } from 'vitest'
import { CoherenceMeter, followedKeysMax } from './coherence-meter.ts'

let meter: CoherenceMeter

beforeEach(() => {
  meter = new CoherenceMeter(1_000)
})

describe('a meter of coherence', () => {
  it('tells how long invalidations took, where the time of the server is known', () => {
    for (const lagMs of [1, 1, 1, 40]) meter.arrived(['a'], lagMs, 0)
    meter.arrived(['a'], undefined, 0)
    const { lag } = meter.snapshot()
    expect(lag).toMatchObject({ count: 4, maxMs: 40 })
    expect(lag.p50Ms).toBeCloseTo(1, 1)
    expect(lag.p99Ms).toBe(40)
  })

  it('counts reads of an invalidated key, until it is no longer followed', () => {
    meter.arrived(['a'], 1, 0)
    meter.answered('a', 'source', 10)
    meter.answered('a', 'redis', 999)
    meter.answered('b', 'redis', 10)
    meter.answered('a', 'redis', 1_000)
    expect(meter.snapshot().afterInvalidation).toEqual({ hits: 1, misses: 1 })
  })

  it('follows a bounded number of keys, and others when those are done', () => {
    const keys = Array.from({ length: followedKeysMax + 1 }, (_, number) => `key:${number}`)
    meter.arrived(keys, 1, 0)
    for (const key of keys) meter.answered(key, 'redis', 1)
    expect(meter.snapshot().afterInvalidation.hits).toBe(followedKeysMax)
    meter.arrived(['late'], 1, 1_001)
    meter.answered('late', 'source', 1_002)
    expect(meter.snapshot().afterInvalidation.misses).toBe(1)
  })
})
