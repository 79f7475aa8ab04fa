/** Metrics of reads, loads and memory of one process (SPEC F3). */
import { getEdges, loadEdges, sizeEdges } from './buckets.ts'
import { counter, gauge, histogram, type MetricTable } from './definition.ts'
import {
  cache,
  evictionCauses,
  hitOrMiss,
  servedBy,
  storeResults,
  tier,
  timedBy,
} from './label-values.ts'

/** By name: the labels. */
export interface CacheMetricLabels {
  cache_gets_total: 'cache' | 'result' | 'served_by'
  cache_tier_gets_total: 'cache' | 'tier' | 'result'
  cache_warmed_gets_total: 'cache'
  cache_get_duration_seconds: 'cache' | 'served_by'
  cache_coalesced_total: 'cache' | 'scope'
  cache_loads_total: 'cache' | 'outcome'
  cache_load_duration_seconds: 'cache' | 'outcome'
  cache_source_calls: 'cache' | 'state'
  cache_flights: never
  cache_puts_total: 'cache' | 'tier'
  cache_sets_total: 'cache'
  cache_stores_total: 'cache' | 'result'
  cache_value_bytes: 'cache' | 'form'
  cache_evictions_total: 'cache' | 'cause'
  cache_size: 'cache'
  cache_size_bytes: 'cache'
  cache_max_size_bytes: 'cache'
  cache_advised_size_bytes: 'cache'
  cache_memory_entries: never
  cache_memory_bytes: never
  cache_memory_max_bytes: never
  cache_memory_stale_bytes: never
  cache_memory_rejected_total: never
  cache_memory_ghosts: never
  cache_memory_sizing_gain_ratio: never
}

export const cacheMetrics: MetricTable<CacheMetricLabels> = {
  cache_gets_total: counter('Reads, each once, by where the answer came from', {
    cache,
    result: hitOrMiss,
    served_by: servedBy,
  }),
  cache_tier_gets_total: counter('Reads by tier; never to be added to cache_gets_total', {
    cache,
    tier,
    result: [...hitOrMiss, 'error'],
  }),
  cache_warmed_gets_total: counter('Reads ahead of need, which are not among the others', {
    cache,
  }),
  cache_get_duration_seconds: histogram(
    'How long reads took; of those that memory answered about 1 in 256 is timed',
    { cache, served_by: timedBy },
    getEdges,
  ),
  cache_coalesced_total: counter('Reads that shared what another had begun', {
    cache,
    scope: ['process', 'cluster'],
  }),
  cache_loads_total: counter('Values loaded, and calls of a source that failed', {
    cache,
    outcome: ['ok', 'error', 'timeout', 'rejected'],
  }),
  cache_load_duration_seconds: histogram(
    'How long calls of a source took, a batch being one',
    { cache, outcome: ['ok', 'error'] },
    loadEdges,
  ),
  cache_source_calls: gauge('Calls of a source under way, and those that wait for their turn', {
    cache,
    state: ['running', 'waiting'],
  }),
  cache_flights: gauge('Loads under way', {}),
  cache_puts_total: counter('Values that a tier has taken', { cache, tier }),
  cache_sets_total: counter('Values that were written through', { cache }),
  cache_stores_total: counter('What became of loaded values', { cache, result: storeResults }),
  cache_value_bytes: histogram(
    'Sizes of stored values, encoded and as they are stored',
    { cache, form: ['raw', 'stored'] },
    sizeEdges,
  ),
  cache_evictions_total: counter('Entries that have left memory', { cache, cause: evictionCauses }),
  cache_size: gauge('Entries in memory', { cache }),
  cache_size_bytes: gauge('Bytes in memory', { cache }),
  cache_max_size_bytes: gauge('Bytes that a family may hold when room is short', { cache }),
  cache_advised_size_bytes: gauge('Bytes that a family should have, by how it is used', { cache }),
  cache_memory_entries: gauge('Entries in memory, of all families', {}),
  cache_memory_bytes: gauge('Bytes in memory, of all families', {}),
  cache_memory_max_bytes: gauge('The bound of memory', {}),
  cache_memory_stale_bytes: gauge('Bytes held by entries that are no longer fresh', {}),
  cache_memory_rejected_total: counter('Entries that were too large for memory', {}),
  cache_memory_ghosts: gauge('Ids remembered after they were evicted', {}),
  cache_memory_sizing_gain_ratio: gauge('Hit ratio to be gained by the sizes advised', {}),
}
