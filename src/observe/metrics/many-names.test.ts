/** More families and breakers than have series of their own. */
import { expect, test } from 'vitest'
import type { CacheAbout } from '../../core/about.ts'
import { StaleproofError } from '../../core/errors.ts'
import type { CacheEvent, Observer } from '../../core/outcome.ts'
import type { BreakerStats, CacheStats } from '../../core/stats.ts'
import { processOf } from '../scaling/process.test-support.ts'
import { MetricsCollector } from './collector.ts'
import type { MetricName } from './definitions.ts'
import { resolveExport } from './export-options.ts'

const reads = { memory: 0, redis: 0, joined: 0, stale: 0, source: 3, none: 0 }
const counted = { reads, warmed: 0, loads: 2, loadErrors: 2, stores: {}, sets: 0, invalidations: 0 }
const latency = { p50Ms: 0, p99Ms: 0, maxMs: 0 }
const closed: BreakerStats = {
  ...{ state: 'closed', failures: 0, rejected: 0, recoveryAttempts: 0, recoveries: 1 },
  ...{ recoveryMeanMs: undefined, latency },
}
const named = (count: number, prefix: string) => {
  return Array.from({ length: count }, (_, at) => `${prefix}${at}`)
}

/** A cache that has counted what `stats` says, and tells the events. */
function collected(stats: Partial<CacheStats>, events: readonly CacheEvent[]) {
  const about: Partial<CacheAbout> = { families: {} }
  const process = processOf()
  let told: Observer | undefined
  const cache = {
    about: () => about as CacheAbout,
    health: () => process.health,
    stats: () => ({ ...process.stats, ...stats }),
    observe: (observer: Observer) => {
      told = observer
      return () => {}
    },
  }
  const collector = new MetricsCollector(cache, resolveExport('many names', {}, []))
  for (const event of events) told?.notify(event)
  return (name: MetricName) => {
    return collector.series(name).map(({ labels, value }) => {
      return [Object.values(labels).join(' '), value] as const
    })
  }
}

test('what families beyond the bound share is counted once, and never falls below nothing', () => {
  const names = named(60, 'family')
  const error = new StaleproofError('SP_LOAD_TIMEOUT', 'late')
  const events = names.flatMap((family): CacheEvent[] => {
    const outcome = { from: 'source', why: 'redisDown', stale: false, value: 1, ageMs: 0 } as const
    const load = { keys: ['a'], ms: 1, attempts: 1, error, stored: [], sizes: [] }
    const read = { id: 1, key: 'a', priority: 'read', weight: 1, ms: 1, outcome } as const
    return [
      { kind: 'load', family, ...load },
      { kind: 'read', family, ...read },
    ]
  })
  const families = Object.fromEntries(names.map((name) => [name, counted]))
  const of = collected({ families }, events)
  const loads = new Map(of('cache_loads_total'))
  expect([...loads.values()].reduce((sum, value) => sum + value)).toBe(60 * 4)
  expect(loads.get('family3 error')).toBe(1)
  expect(loads.get('other timeout')).toBe(10)
  expect(loads.get('other error')).toBe(10)
  const tiers = new Map(of('cache_tier_gets_total'))
  expect([tiers.get('family3 redis miss'), tiers.get('family3 redis error')]).toEqual([2, 1])
  expect([tiers.get('other redis miss'), tiers.get('other redis error')]).toEqual([20, 10])
})

test('breakers beyond the bound are one series, whoever tells of them', () => {
  const events = named(90, 'family:f').map((breaker): CacheEvent => {
    const opened = { before: 'closed', state: 'open', afterMs: 1, retryMs: undefined } as const
    return { kind: 'breaker', breaker: breaker as `family:${string}`, ...opened }
  })
  const breakers = Object.fromEntries(named(5, 'redis:').map((name) => [name, closed]))
  const series = collected({ breakers }, events)('cache_breaker_transitions_total')
  const names = series.map(([labels]) => labels)
  expect(new Set(names).size).toBe(names.length)
  expect(new Map(series).get('other open')).toBe(10 + 5)
})
