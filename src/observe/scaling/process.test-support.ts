/** Facts of a process for tests of what follows from them. */
import type { SizingStats } from '../../core/contracts/memory.ts'
import type { ProcessFacts } from '../process-facts.ts'

export interface ProcessSketch {
  readonly service?: string
  readonly processorShare?: number | undefined
  readonly bytesMax?: number
  readonly sizing?: SizingStats | undefined
}

const none = { count: 0, p50Ms: 0, p95Ms: 0, p99Ms: 0, maxMs: 0 }

export function processOf(sketch: ProcessSketch = {}): ProcessFacts {
  const { service = 'api', processorShare, bytesMax = 64 * 2 ** 20, sizing } = sketch
  return {
    schemaVersion: 1,
    process: 'p1',
    service,
    pid: 1,
    host: 'here',
    version: '0.1.0',
    runtime: 'v20',
    startedMs: 0,
    atMs: 0,
    catalog: 'test',
    processorShare,
    health: { state: 'ok', reasons: [], sinceMs: 0 },
    stats: {
      families: {},
      memory: {
        entries: 0,
        bytes: 0,
        bytesMax,
        bytesStale: 0,
        rejected: 0,
        ghosts: 0,
        evictions: { bytes: 0, entries: 0, expired: 0, stale: 0, invalidated: 0 },
        families: {},
        sizing,
      },
      flights: 0,
      delivery: {
        pending: 0,
        oldestAgeMs: undefined,
        late: 0,
        replayed: 0,
        overflows: 0,
        spooled: 0,
        notReplicated: 0,
      },
      mutations: { running: 0, quarantinedKeys: 0, unprotected: 0 },
      limiters: {},
      coherence: {
        lag: { count: 0, p50Ms: 0, p99Ms: 0, maxMs: 0 },
        lagByOrigin: {},
        afterInvalidation: { hits: 0, misses: 0 },
        reach: { calls: 0, processes: 0 },
        trustLost: {},
        shadowReads: 0,
        staleReads: {},
      },
      redis: { partitions: 1, connected: 1, pending: 0 },
      sources: {},
      breakers: {},
      trustLosses: 0,
      observerErrors: 0,
    },
    families: {},
    latencies: {},
    redisLatency: none,
    usedKeys: [],
    breadth: {
      ...{ calls: 0, keysP95: 0, keysMax: 0, wholesale: 0, lastWholesale: undefined },
      ...{ reloads: 0, unchanged: 0 },
    },
    parts: {},
    dropped: [],
  }
}
