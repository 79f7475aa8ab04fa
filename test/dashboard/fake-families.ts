/** Families of a made-up service, with numbers such as a busy one has; the same in every run. */
import type { FamilyRow, FamilyTotals, OverviewAnswer } from 'staleproof/ops'

/** Written by somebody who wants to be run: it has to be shown, as text. */
export const hostileKey = 'user:<img src=x onerror="window.hacked=1">\u202e\u0000</script>'

type Latency = OverviewAnswer['redisLatency']

interface Sketch {
  readonly name: string
  readonly template: string
  readonly ttlMs: number
  readonly reads: number
  readonly hitRatio: number
  readonly goal?: number
  readonly loadMs: number
  readonly services: readonly string[]
}

const second = 1000
const minute = 60 * second

const emptyTotals = {
  memory: 0,
  redis: 0,
  joined: 0,
  stale: 0,
  source: 0,
  none: 0,
  warmed: 0,
  loads: 0,
  loadErrors: 0,
  sets: 0,
  invalidations: 0,
  entries: 0,
  bytes: 0,
}
const totalNames = Object.keys(emptyTotals).filter(
  (name): name is keyof typeof emptyTotals => name in emptyTotals,
)

const sketches: readonly Sketch[] = [
  {
    name: 'price',
    template: 'price:{marketId}',
    ttlMs: 5 * second,
    reads: 4_812_233,
    hitRatio: 0.962,
    goal: 0.95,
    loadMs: 38,
    services: ['api', 'workers'],
  },
  {
    name: 'market',
    template: 'market:{id}',
    ttlMs: 10 * minute,
    reads: 1_204_889,
    hitRatio: 0.931,
    goal: 0.9,
    loadMs: 12,
    services: ['api', 'bot', 'workers'],
  },
  {
    name: 'position',
    template: 'position:{userId}:{marketId}',
    ttlMs: minute,
    reads: 420_117,
    hitRatio: 0.684,
    goal: 0.7,
    loadMs: 21,
    services: ['api', 'bot'],
  },
  {
    name: 'userStats',
    template: 'user-stats:{userId}',
    ttlMs: 5 * minute,
    reads: 98_341,
    hitRatio: 0.812,
    goal: 0.8,
    loadMs: 64,
    services: ['api'],
  },
  {
    name: 'search',
    template: 'search:{query}',
    ttlMs: 2 * minute,
    reads: 61_020,
    hitRatio: 0.544,
    goal: 0.5,
    loadMs: 87,
    services: ['api'],
  },
  {
    name: 'leaders',
    template: 'leaders:{period}',
    ttlMs: minute,
    reads: 44_871,
    hitRatio: 0.991,
    goal: 0.95,
    loadMs: 310,
    services: ['api', 'indexer'],
  },
  {
    name: 'watched',
    template: 'watched:{userId}',
    ttlMs: 15 * minute,
    reads: 18_240,
    hitRatio: 0.887,
    loadMs: 9,
    services: ['indexer'],
  },
  {
    name: 'marketByCondition',
    template: 'market_by_condition:{id}',
    ttlMs: 60 * minute,
    reads: 7_455,
    hitRatio: 0.402,
    goal: 0.6,
    loadMs: 140,
    services: ['products'],
  },
  {
    name: 'settings',
    template: 'settings:{name}',
    ttlMs: 60 * minute,
    reads: 902,
    hitRatio: 0.998,
    loadMs: 4,
    services: ['products'],
  },
]

export const families: readonly FamilyRow[] = sketches.map((one, index) => rowOf(one, index))

export const familyNames: readonly string[] = sketches.map(({ name }) => name)

/** Sums over families. */
export function sumOf(rows: readonly FamilyTotals[]): FamilyTotals {
  const sum = { ...emptyTotals }
  for (const row of rows) {
    for (const name of totalNames) sum[name] += row[name]
  }
  return sum
}

export function latency(p50Ms: number, count = 1000): Latency {
  return { count, p50Ms, p95Ms: p50Ms * 2.6, p99Ms: p50Ms * 4.8, maxMs: p50Ms * 11 }
}

function rowOf(one: Sketch, index: number): FamilyRow {
  const hits = Math.round(one.reads * one.hitRatio)
  const source = one.reads - hits
  const joined = Math.round(hits * 0.01)
  const stale = index === 4 ? 312 : 0
  const redis = Math.round(hits * 0.18)
  return {
    name: one.name,
    declared: {
      template: one.template,
      version: `${(index + 10).toString(36)}7f3e1${index}`,
      ttlMs: one.ttlMs,
      maxStaleMs: index === 4 ? 30_000 : 0,
      codec: index === 7 ? 'gzip(json)' : 'json',
      isEncrypted: one.name === 'settings',
      isSensitive: one.name === 'settings',
      hasSource: true,
      hitTarget: one.goal,
    },
    versions: index === 2 ? ['c7f3e12', 'c7f3e11'] : [`${(index + 10).toString(36)}7f3e1${index}`],
    services: one.services,
    totals: {
      ...emptyTotals,
      memory: hits - redis - joined - stale,
      redis,
      joined,
      stale,
      source,
      warmed: Math.round(one.reads * 0.004),
      loads: Math.round(source * 0.97),
      loadErrors: index === 7 ? 41 : 0,
      sets: Math.round(source * 0.1),
      invalidations: Math.round(one.reads / 91),
      entries: Math.round(one.reads ** 0.66),
      bytes: Math.round(one.reads ** 0.66) * (210 + index * 97),
    },
    hitRatio: one.hitRatio,
    latencies: { get: latency(0.7 + index * 0.1), load: latency(one.loadMs) },
    staleReads: 0,
  }
}
