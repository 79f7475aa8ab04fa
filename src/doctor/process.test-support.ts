/** Facts of a healthy process, and what a test changes of them. */
import type { FamilyStats } from '../core/stats.ts'
import type { DeclaredFamily, ProcessFacts } from '../observe/index.ts'
import { processOf as sketchOf } from '../observe/scaling/process.test-support.ts'

type Stats = ProcessFacts['stats']

export interface GivenProcess extends Partial<Omit<ProcessFacts, 'stats' | 'families'>> {
  readonly stats?: Partial<Stats>
  readonly families?: Readonly<Record<string, Partial<DeclaredFamily>>>
}

const hourMs = 3_600_000

export function processOf(given: GivenProcess = {}): ProcessFacts {
  const base = sketchOf()
  const families = Object.entries(given.families ?? {})
  return {
    ...base,
    startedMs: 0,
    atMs: 2 * hourMs,
    ...given,
    stats: { ...base.stats, coherence: coherenceOf(), ...given.stats },
    families: Object.fromEntries(families.map(([name, facts]) => [name, declared(name, facts)])),
  }
}

export function coherenceOf(given: Partial<Stats['coherence']> = {}): Stats['coherence'] {
  return {
    lag: { count: 10, p50Ms: 1, p99Ms: 5, maxMs: 9 },
    lagByOrigin: {},
    afterInvalidation: { hits: 0, misses: 0 },
    reach: { calls: 0, processes: 0 },
    trustLost: {},
    shadowReads: 0,
    staleReads: {},
    ...given,
  }
}

export function familyOf(
  given: Partial<Omit<FamilyStats, 'reads'>> & { readonly reads?: Partial<FamilyStats['reads']> },
): FamilyStats {
  return {
    warmed: 0,
    loads: 0,
    loadErrors: 0,
    stores: {},
    sets: 0,
    invalidations: 0,
    ...given,
    reads: { memory: 0, redis: 0, joined: 0, stale: 0, source: 0, none: 0, ...given.reads },
  }
}

function declared(name: string, given: Partial<DeclaredFamily>): DeclaredFamily {
  return {
    template: `${name}:{id}`,
    version: 'v1',
    ttlMs: 60_000,
    maxStaleMs: 60_000,
    codec: 'json',
    isEncrypted: false,
    isSensitive: false,
    hasSource: true,
    hitTarget: undefined,
    ...given,
  }
}
