import { describe, expect, it } from 'vitest'
import type { CacheStats, FamilyStats } from '../../core/stats.ts'
import type { ProcessFacts } from '../../observe/index.ts'
import { allFamilies, FleetRates } from './fleet-rates.ts'

const startedMs = 1_000_000

/** Facts of a process that has read so often; `at` in seconds since its start. */
function facts(process: string, at: number, reads: Partial<FamilyStats['reads']>): ProcessFacts {
  const zero = { memory: 0, redis: 0, joined: 0, stale: 0, source: 0, none: 0 }
  const family = {
    reads: { ...zero, ...reads },
    warmed: 0,
    loads: reads.source ?? 0,
    loadErrors: 0,
    sets: 0,
    invalidations: 0,
  }
  const stats = { families: { product: family }, memory: { families: {} } }
  const part = {
    process,
    startedMs,
    atMs: startedMs + at * 1_000,
    stats: stats as unknown as CacheStats,
  }
  // What rates are made of; the rest of the facts is not looked at.
  return part as unknown as ProcessFacts
}

describe('rates', () => {
  it('are those between what a process published last and before', () => {
    const rates = new FleetRates()
    rates.take([facts('a', 10, { memory: 100 })])
    rates.take([facts('a', 15, { memory: 190, source: 10 })])
    const { now } = rates.of('product')
    expect(now).toMatchObject({ reads: 20, loads: 2, hitRatio: 0.9, memoryShare: 0.9 })
  })

  it('of processes that publish at different times add up', () => {
    const rates = new FleetRates()
    rates.take([facts('a', 10, { memory: 0 }), facts('b', 11, { redis: 0 })])
    rates.take([facts('a', 15, { memory: 50 }), facts('b', 16, { redis: 100 })])
    expect(rates.of(allFamilies).now).toMatchObject({ reads: 30, hitRatio: 1 })
  })

  it('do not fall while nothing new was published', () => {
    const rates = new FleetRates()
    rates.take([facts('a', 10, { memory: 0 })])
    rates.take([facts('a', 15, { memory: 50 })])
    rates.take([facts('a', 15, { memory: 50 })])
    expect(rates.of('product').now?.reads).toBe(10)
  })

  it('of now are unknown until a process has published twice, those since the start never', () => {
    const rates = new FleetRates()
    rates.take([facts('a', 10, { memory: 30, source: 10 })])
    expect(rates.isReady).toBe(false)
    expect(rates.of('product')).toMatchObject({ now: undefined, minute: undefined })
    expect(rates.of('product').always).toMatchObject({ reads: 4, hitRatio: 0.75 })
  })

  it('of the minute reach back no further', () => {
    const rates = new FleetRates()
    for (let at = 0; at <= 200; at += 5) {
      rates.take([facts('a', at, { memory: at < 140 ? 0 : (at - 140) * 10 })])
    }
    expect(rates.of('product').minute?.reads).toBeCloseTo(10, 0)
  })

  it('forget a process that is gone', () => {
    const rates = new FleetRates()
    rates.take([facts('a', 10, { memory: 0 }), facts('b', 10, { memory: 0 })])
    rates.take([facts('a', 15, { memory: 50 })])
    expect(rates.of('product').now?.reads).toBe(10)
    expect(rates.isReady).toBe(true)
  })
})
