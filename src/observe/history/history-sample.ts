/**
 * What all processes and the server did in one step, for charts and for `doctor`. Counters of
 * processes are counted from the sample before; those of the server stay as INFO tells them.
 */

import type { FamilyStats } from '../../core/stats.ts'
import type { Info } from '../../inspect/index.ts'
import { hitsOf } from '../fleet/totals.ts'
import type { ProcessFacts } from '../process-facts.ts'
import type { ClusterReading, ServerReading } from './server-reading.ts'

export type HistoryCount = 'memoryHits' | 'redisHits' | 'loads' | 'invalidations' | 'staleReads'

export interface HistorySample {
  readonly atMs: number
  readonly stepMs: number
  /** Within the step. */
  readonly counts: Readonly<Record<HistoryCount, number>>
  /** Of calls to Redis: the worst of the processes, since their start. */
  readonly redisP95Ms?: number | undefined
  readonly lagP99Ms?: number | undefined
  /** The hit ratio of each family that was read within the step. */
  readonly families: Readonly<Record<string, number>>
  /** Of a Cluster that of the node with partition 0. */
  readonly server: InfoFields
  /** Undefined: there is one server, or nobody could name the nodes. */
  readonly cluster?: ClusterSample | undefined
}

/** Fields of INFO by their own names; what is not said is not there. */
export type InfoFields = Readonly<Record<string, number>>

/** The primaries of a Cluster. */
export interface ClusterSample {
  /** By address, in the order of their slots; one that does not answer has no fields. */
  readonly nodes: Readonly<Record<string, InfoFields>>
  /** Those beyond the bound. */
  readonly omitted: number
}

type ReadFrom = keyof FamilyStats['reads']

/** The processes at one time. */
export interface Census {
  readonly atMs: number
  readonly processes: readonly ProcessFacts[]
}

/** Fields of INFO that are kept. */
const serverFields: readonly string[] = [
  ...['used_memory', 'used_memory_rss', 'maxmemory', 'mem_fragmentation_ratio'],
  ...['connected_clients', 'blocked_clients', 'maxclients', 'rejected_connections'],
  ...['total_commands_processed', 'instantaneous_ops_per_sec', 'total_connections_received'],
  ...['total_net_input_bytes', 'total_net_output_bytes', 'keyspace_hits', 'keyspace_misses'],
  ...['expired_keys', 'evicted_keys', 'used_cpu_sys', 'used_cpu_user', 'uptime_in_seconds'],
  ...['total_error_replies', 'client_recent_max_output_buffer', 'connected_slaves'],
]

/** Of each node: what lines are drawn of. */
const nodeFields: readonly string[] = [
  ...['used_memory', 'maxmemory', 'connected_clients', 'instantaneous_ops_per_sec'],
  'evicted_keys',
]

interface Reads {
  readonly hits: number
  readonly misses: number
}

export function sampleOf(before: Census, now: Census, reading: ServerReading): HistorySample {
  const counts = { memoryHits: 0, redisHits: 0, loads: 0, invalidations: 0, staleReads: 0 }
  const reads = new Map<string, Reads>()
  for (const facts of now.processes) {
    const earlier = before.processes.find(({ process }) => process === facts.process)
    // Who was there before but could not be read then would bring its whole past.
    if (earlier === undefined && facts.startedMs < before.atMs) continue
    for (const family of Object.keys(facts.stats.families)) {
      const did = deedsOf(family, facts, earlier)
      for (const name of countNames) counts[name] += did[name]
      const { hits, misses } = reads.get(family) ?? { hits: 0, misses: 0 }
      reads.set(family, { hits: hits + did.hits, misses: misses + did.misses })
    }
  }
  return {
    ...{ atMs: now.atMs, stepMs: now.atMs - before.atMs, counts },
    redisP95Ms: worst(now.processes.map(({ redisLatency }) => redisLatency.p95Ms)),
    lagP99Ms: worst(now.processes.map(({ stats }) => stats.coherence.lag.p99Ms)),
    families: ratios(reads),
    server: numbersIn(reading.info, serverFields),
    cluster: reading.cluster && clusterOf(reading.cluster),
  }
}

const countNames = ['memoryHits', 'redisHits', 'loads', 'invalidations', 'staleReads'] as const

/** What a process did with a family since it was looked at before. */
function deedsOf(
  family: string,
  now: ProcessFacts,
  earlier: ProcessFacts | undefined,
): Record<HistoryCount, number> & Reads {
  const [stats, then] = [now.stats.families[family], earlier?.stats.families[family]]
  const read = (from: ReadFrom) => since(stats?.reads[from], then?.reads[from])
  const [memory, redis] = [read('memory'), read('redis')]
  return {
    ...{ memoryHits: memory, redisHits: redis },
    loads: since(stats?.loads, then?.loads),
    invalidations: since(stats?.invalidations, then?.invalidations),
    staleReads: since(staleOf(now, family), earlier && staleOf(earlier, family)),
    hits: hitsOf({ memory, redis, joined: read('joined'), stale: read('stale') }),
    misses: read('source') + read('none'),
  }
}

/** A counter that went back is that of another run. */
function since(now = 0, before = 0): number {
  return Math.max(0, now - before)
}

function staleOf({ stats }: ProcessFacts, family: string): number {
  return stats.coherence.staleReads[family] ?? 0
}

function worst(numbers: readonly number[]): number | undefined {
  return numbers.length === 0 ? undefined : Math.max(...numbers)
}

function ratios(reads: ReadonlyMap<string, Reads>): Readonly<Record<string, number>> {
  const found: Record<string, number> = {}
  for (const [family, { hits, misses }] of reads) {
    if (hits + misses > 0) found[family] = hits / (hits + misses)
  }
  return found
}

function clusterOf({ nodes, omitted }: ClusterReading): ClusterSample {
  const rows = nodes.map(({ address, info }) => [address, numbersIn(info, nodeFields)] as const)
  return { nodes: Object.fromEntries(rows), omitted }
}

function numbersIn(info: Info | undefined, fields: readonly string[]): InfoFields {
  const found: Record<string, number> = {}
  for (const field of fields) {
    const value = info?.number(field)
    if (value !== undefined) found[field] = value
  }
  return found
}
