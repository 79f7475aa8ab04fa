/** What `stats` says of families, memory and coherence: read when asked for, number by number. */
import type { MemoryStats } from '../../core/contracts/memory.ts'
import type { CacheStats, CoherenceStats, FamilyStats } from '../../core/stats.ts'
import { hitFrom } from '../fleet/totals.ts'
import type { MetricSink, SeriesTable } from './series-table.ts'

const isHit: ReadonlySet<string> = new Set(hitFrom)

/** `recorded`: what events have told, where they divide a number of `stats` further. */
export function readStats(stats: CacheStats, sink: MetricSink, recorded: SeriesTable): void {
  for (const [cache, family] of Object.entries(stats.families)) {
    readReads(cache, family, sink)
    readLoads(cache, family, sink)
  }
  divide(sink, recorded)
  for (const [cache, { running, waiting }] of Object.entries(stats.sources)) {
    sink.add('cache_source_calls', { cache, state: 'running' }, running)
    sink.add('cache_source_calls', { cache, state: 'waiting' }, waiting)
  }
  sink.add('cache_flights', {}, stats.flights)
  readMemory(stats.memory, sink)
  readCoherence(stats.coherence, sink)
  readDelivery(stats, sink)
}

function readReads(cache: string, { reads, warmed }: FamilyStats, sink: MetricSink): void {
  let all = 0
  for (const [served_by, count] of Object.entries(reads)) {
    const result = isHit.has(served_by) ? 'hit' : 'miss'
    sink.add('cache_gets_total', { cache, result, served_by }, count)
    all += count
  }
  sink.add('cache_warmed_gets_total', { cache }, warmed)
  sink.add('cache_coalesced_total', { cache, scope: 'process' }, reads.joined)
  const tier = (name: 'memory' | 'redis', result: 'hit' | 'miss', count: number) => {
    sink.add('cache_tier_gets_total', { cache, tier: name, result }, count)
  }
  tier('memory', 'hit', reads.memory)
  tier('memory', 'miss', all - reads.memory)
  tier('redis', 'hit', reads.redis)
  tier('redis', 'miss', reads.source)
}

function readLoads(cache: string, family: FamilyStats, sink: MetricSink): void {
  const { loads, loadErrors, stores, sets, invalidations } = family
  sink.add('cache_loads_total', { cache, outcome: 'ok' }, loads)
  sink.add('cache_loads_total', { cache, outcome: 'error' }, loadErrors)
  for (const [result, count] of Object.entries(stores)) {
    sink.add('cache_stores_total', { cache, result }, count)
  }
  sink.add('cache_puts_total', { cache, tier: 'redis' }, stores.stored ?? 0)
  sink.add('cache_sets_total', { cache }, sets)
  sink.add('cache_invalidate_targets_total', { cache }, invalidations)
}

/** What has a series of its own is not counted once more: several families may share one. */
function divide(sink: MetricSink, recorded: SeriesTable): void {
  for (const { labels, value } of recorded.series('cache_loads_total')) {
    sink.add('cache_loads_total', { cache: labels.cache ?? '', outcome: 'error' }, -value)
  }
  for (const { labels, value } of recorded.series('cache_tier_gets_total')) {
    const missed = { cache: labels.cache ?? '', tier: 'redis', result: 'miss' }
    sink.add('cache_tier_gets_total', missed, -value)
  }
}

function readMemory(memory: MemoryStats, sink: MetricSink): void {
  for (const [cache, region] of Object.entries(memory.families)) {
    sink.add('cache_size', { cache }, region.entries)
    sink.add('cache_size_bytes', { cache }, region.bytes)
    sink.add('cache_max_size_bytes', { cache }, region.bytesShare)
    sink.add('cache_puts_total', { cache, tier: 'memory' }, region.puts)
    for (const [cause, count] of Object.entries(region.evictions)) {
      sink.add('cache_evictions_total', { cache, cause }, count)
    }
  }
  sink.add('cache_memory_entries', {}, memory.entries)
  sink.add('cache_memory_bytes', {}, memory.bytes)
  sink.add('cache_memory_max_bytes', {}, memory.bytesMax)
  sink.add('cache_memory_stale_bytes', {}, memory.bytesStale)
  sink.add('cache_memory_rejected_total', {}, memory.rejected)
  sink.add('cache_memory_ghosts', {}, memory.ghosts)
  sink.add('cache_memory_sizing_gain_ratio', {}, memory.sizing?.gain)
  for (const [cache, { bytesAdvised }] of Object.entries(memory.sizing?.families ?? {})) {
    sink.add('cache_advised_size_bytes', { cache }, bytesAdvised)
  }
}

function readCoherence(coherence: CoherenceStats, sink: MetricSink): void {
  const { afterInvalidation, lagByOrigin, reach, trustLost } = coherence
  const after = (result: 'hit' | 'miss', count: number) => {
    sink.add('cache_after_invalidation_gets_total', { result }, count)
  }
  after('hit', afterInvalidation.hits)
  after('miss', afterInvalidation.misses)
  for (const [origin, { p50Ms, p99Ms, maxMs }] of Object.entries(lagByOrigin)) {
    const lag = (figure: string, ms: number) => {
      sink.add('cache_invalidation_origin_lag_seconds', { origin, figure }, ms / 1_000)
    }
    lag('p50', p50Ms)
    lag('p99', p99Ms)
    lag('max', maxMs)
  }
  sink.add('cache_invalidation_calls_total', {}, reach.calls)
  sink.add('cache_invalidation_reached_processes_total', {}, reach.processes)
  for (const [why, count] of Object.entries(trustLost)) {
    sink.add('cache_trust_losses_total', { why }, count)
  }
  sink.add('cache_invalidation_gaps_total', {}, trustLost.gap ?? 0)
  sink.add('cache_shadow_reads_total', {}, coherence.shadowReads)
  for (const [cache, count] of Object.entries(coherence.staleReads)) {
    sink.add('cache_stale_reads_total', { cache }, count)
  }
}

function readDelivery({ delivery, mutations }: CacheStats, sink: MetricSink): void {
  const { pending, oldestAgeMs = 0 } = delivery
  sink.add('cache_invalidations_pending', {}, pending)
  sink.add('cache_invalidations_pending_oldest_seconds', {}, oldestAgeMs / 1_000)
  sink.add('cache_invalidations_late_total', {}, delivery.late)
  sink.add('cache_invalidations_replayed_total', {}, delivery.replayed)
  sink.add('cache_invalidations_overflowed_total', {}, delivery.overflows)
  sink.add('cache_invalidations_spooled', {}, delivery.spooled)
  sink.add('cache_invalidations_unreplicated_total', {}, delivery.notReplicated)
  sink.add('cache_mutations_running', {}, mutations.running)
  sink.add('cache_mutations_unprotected_total', {}, mutations.unprotected)
  sink.add('cache_quarantined_keys', {}, mutations.quarantinedKeys)
}
