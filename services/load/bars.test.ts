import { expect, it } from 'vitest'
import { type Bar, isValid, merits, savings, soundness, targets } from './bars.ts'
import { readKinds } from './mix.ts'
import type { LoadReport } from './report.ts'

const timed = (name: string, p95Ms: number) => {
  return { name, count: 100, errors: 0, p50Ms: 1, p95Ms, p99Ms: p95Ms }
}
const counted = (hits: number) => ({ hits, misses: 100 - hits, loads: 100 - hits })

const good: LoadReport = {
  seed: 1,
  requestsPerSecond: 300,
  seconds: 60,
  endpoints: [timed('health', 2), ...readKinds.map((kind) => timed(kind, 6))],
  failures: [],
  generator: { due: 900, dropped: 0, lagP95Ms: 5, lagMaxMs: 40 },
  trades: { accepted: 10, refused: 0, skipped: 0, unlike: 0 },
  priceUpdates: 100,
  caches: { price: counted(97), positions: counted(85), market: counted(95), user: counted(98) },
  loadsAvoided: 375,
  findings: { judged: 100, stale: 0, wrong: 0, examples: [] },
  cost: {
    queries: 900,
    readQueries: 90,
    transactions: 90,
    redisCommands: 10,
    apiMs: 60,
    databaseMs: 40,
  },
}

const missed = (bars: readonly Bar[]): readonly string[] =>
  bars.filter(({ isMet }) => isMet !== true).map(({ name, measured }) => `${name}: ${measured}`)

it('are all met by a run that is just good enough', () => {
  expect(missed([...soundness(good), ...targets(good), ...merits(good)])).toEqual([])
  expect(isValid(good)).toBe(true)
})

it('name each figure that is worse', () => {
  const findings = { judged: 1, stale: 1, wrong: 1, examples: [] }
  const trades = { ...good.trades, unlike: 1 }
  const generator = { ...good.generator, dropped: 1 }
  expect(missed(soundness({ ...good, findings, trades, generator }))).toHaveLength(4)
  const slow = { ...good, endpoints: [timed('health', 100), timed('positions', 201)] }
  expect(missed(targets(slow))).toContain('p95 of positions: 201.0 ms')
  const uneven = { ...good, endpoints: [timed('health', 2), timed('search', 6.1)] }
  expect(missed(merits(uneven)).join()).toMatch('p95 of search beside 3 × that of /health: 6.1 ms')
  const cold = { ...good, caches: { ...good.caches, positions: counted(84) } }
  expect(missed(merits(cold))).toEqual(['hit rate of positions: 84.0 %'])
})

it('are not met by what was not measured', () => {
  const { caches: _, ...blind } = { ...good, endpoints: [] }
  const report = { ...blind, caches: undefined }
  expect(merits(report).every(({ isMet }) => isMet === undefined)).toBe(true)
  expect(targets(report).every(({ isMet }) => isMet === undefined)).toBe(true)
})

it('say nothing of a run whose generator was late', () => {
  expect(isValid({ ...good, generator: { ...good.generator, lagP95Ms: 5.1 } })).toBe(false)
})

it('compare the cost of a request with and without the cache', () => {
  const cost = { ...good.cost, queries: 9_000, apiMs: 120, databaseMs: 80 }
  const uncached = { ...good, cost, caches: {}, loadsAvoided: 0 }
  expect(missed(savings(good, uncached))).toEqual([])
  expect(missed(savings(good, good))).toHaveLength(3)
  const cheaper = { ...uncached, cost: { ...cost, databaseMs: 70 } }
  expect(missed(savings(good, cheaper)).join()).toMatch('CPU of API and PostgreSQL')
})
