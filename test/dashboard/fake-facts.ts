/** What the processes of a made-up service tell of themselves. */
import type { ProcessRow, ServicesAnswer } from 'staleproof/ops'
import { families, latency } from './fake-families.ts'

type Stats = ProcessRow['facts']['stats']

const services = [
  { service: 'api', host: 'node-1', pid: 4100 },
  { service: 'api', host: 'node-2', pid: 4101 },
  { service: 'bot', host: 'node-1', pid: 4200 },
  { service: 'workers', host: 'node-2', pid: 4300 },
  { service: 'indexer', host: 'node-2', pid: 4310 },
  { service: 'products', host: 'node-3', pid: 4320 },
]

export function servicesAt(nowMs: number): Omit<ServicesAnswer, 'schemaVersion' | 'atMs'> {
  return {
    processes: services.map((_, index) => processRow(index, nowMs)),
    differences: [
      {
        family: 'position',
        field: 'ttlMs',
        values: { api: '60000', bot: '90000' },
      },
    ],
  }
}

function processRow(index: number, nowMs: number): ProcessRow {
  const { service, host, pid } = services[index] ?? { service: 'api', host: 'node-1', pid: 1 }
  const isDegraded = index === 4
  return {
    ageMs: index === 5 ? 14_200 : 800 + index * 610,
    facts: {
      schemaVersion: 1,
      process: `${service}-${pid.toString(36)}-9f2c`,
      service,
      pid,
      host,
      version: '0.1.0',
      runtime: 'node 20.19.4',
      startedMs: nowMs - 86_400_000 * 3 - index * 4_000_000,
      atMs: nowMs - 900,
      catalog: index === 2 ? '51ac90d2e77b' : '8c1f0be2a641',
      health: {
        state: isDegraded ? 'degraded' : 'ok',
        reasons: isDegraded ? ['3 invalidations are pending'] : [],
        sinceMs: nowMs - 40_000,
      },
      stats: statsOf(index),
      families: {},
      latencies: {},
      redisLatency: latency(0.6),
      breadth: {
        ...{ calls: 0, keysP95: 0, keysMax: 0, wholesale: 0, lastWholesale: undefined },
        ...{ reloads: 0, unchanged: 0 },
      },
      parts: {},
      dropped: [],
    },
  }
}

function statsOf(index: number): Stats {
  const bytes = 31_000_000 + index * 7_310_000
  return {
    families: {},
    memory: {
      entries: 20_115 + index * 1801,
      bytes,
      bytesMax: 67_108_864,
      bytesStale: 12_000,
      rejected: 0,
      ghosts: 900,
      evictions: { bytes: 120, entries: 0, expired: 4011, stale: 3, invalidated: 911 },
      families: {},
    },
    flights: 2,
    delivery: {
      pending: index === 4 ? 3 : 0,
      oldestAgeMs: index === 4 ? 2100 : undefined,
      late: 0,
      replayed: 0,
      overflows: 0,
      spooled: 0,
      notReplicated: 0,
    },
    mutations: { running: 0, quarantinedKeys: 0, unprotected: 0 },
    limiters: {},
    coherence: {
      lag: { count: 5200 + index, p50Ms: 0.8, p99Ms: 3.1 + index, maxMs: 22 },
      lagByOrigin: {
        api: { count: 4100, p50Ms: 0.7, p99Ms: 2.9, maxMs: 14 },
        workers: { count: 1100, p50Ms: 0.9, p99Ms: 4.4, maxMs: 22 },
      },
      reach: { calls: 900, processes: 5400 },
      trustLost: index === 4 ? { 'connection lost': 2 } : {},
      shadowReads: 2140,
      staleReads: {},
      afterInvalidation: { hits: 1200, misses: 310 },
    },
    redis: { partitions: 1, connected: 1, pending: 2 },
    sources: Object.fromEntries(families.map(({ name }) => [name, { running: 0, waiting: 0 }])),
    breakers: {},
    trustLosses: index === 4 ? 2 : 0,
    observerErrors: 0,
  }
}
