/** The series that stands for each number of `stats`, written down a second time for the tests. */
import { seriesOf } from './exposition.test-support.ts'

/** A number of `stats`, by its path. */
export interface Leaf {
  readonly path: readonly string[]
  readonly value: number
}

export interface Expected {
  readonly series: string
  readonly value: number
}

export function leavesOf(value: unknown, path: readonly string[] = []): readonly Leaf[] {
  if (typeof value === 'number') return [{ path, value }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, part]) => leavesOf(part, [...path, name]))
}

/** Undefined: no metric stands for it. */
export function seriesFor({ path, value }: Leaf): Expected | undefined {
  const [part = '', name = '', field = '', last = ''] = path
  const plain = (metric: string, labels: Readonly<Record<string, string>> = {}) => {
    return { series: seriesOf(metric, labels), value }
  }
  const seconds = (metric: string, labels: Readonly<Record<string, string>> = {}) => {
    return { series: seriesOf(metric, labels), value: value / 1_000 }
  }
  const route = [part, ...path.slice(1)].join('.')
  const single = singles[route]
  if (single !== undefined) return plain(...single)
  if (part === 'families') return familySeries(name, field, last, plain)
  if (part === 'memory' && name === 'families') {
    return regionSeries(path, plain)
  }
  if (part === 'sources') return plain('cache_source_calls', { cache: name, state: field })
  if (part === 'limiters') return plain(limiters[field] ?? '', { limit: name })
  if (part === 'breakers' && field === 'latency') {
    return seconds('cache_breaker_latency_seconds', {
      breaker: name,
      figure: figures[last] ?? '',
    })
  }
  if (part === 'breakers' && field === 'recoveryMeanMs') {
    return seconds('cache_breaker_recovery_mean_seconds', { breaker: name })
  }
  if (part === 'breakers') return plain(breakers[field] ?? '', { breaker: name })
  if (name === 'lagByOrigin' && last !== 'count') {
    const labels = { origin: field, figure: figures[last] ?? '' }
    return seconds('cache_invalidation_origin_lag_seconds', labels)
  }
  if (name === 'trustLost') return plain('cache_trust_losses_total', { why: field })
  if (name === 'staleReads') return plain('cache_stale_reads_total', { cache: field })
  return undefined
}

type Plain = (metric: string, labels?: Readonly<Record<string, string>>) => Expected

const hitFrom = ['memory', 'redis', 'joined', 'stale']
const figures: Readonly<Record<string, string>> = { p50Ms: 'p50', p99Ms: 'p99', maxMs: 'max' }
const limiters: Readonly<Record<string, string>> = {
  granted: 'cache_client_granted_total',
  refused: 'cache_client_throttled_total',
  withoutRedis: 'cache_client_unshared_total',
  waiting: 'cache_client_waiting',
}
const breakers: Readonly<Record<string, string>> = {
  failures: 'cache_breaker_failures_total',
  rejected: 'cache_breaker_rejected_total',
  recoveryAttempts: 'cache_breaker_recovery_attempts_total',
  recoveries: 'cache_breaker_recoveries_total',
}
const singles: Readonly<Record<string, readonly [string, Readonly<Record<string, string>>?]>> = {
  'memory.entries': ['cache_memory_entries'],
  'memory.bytes': ['cache_memory_bytes'],
  'memory.bytesMax': ['cache_memory_max_bytes'],
  'memory.bytesStale': ['cache_memory_stale_bytes'],
  'memory.rejected': ['cache_memory_rejected_total'],
  'memory.ghosts': ['cache_memory_ghosts'],
  'memory.sizing.gain': ['cache_memory_sizing_gain_ratio'],
  flights: ['cache_flights'],
  'delivery.pending': ['cache_invalidations_pending'],
  'delivery.late': ['cache_invalidations_late_total'],
  'delivery.replayed': ['cache_invalidations_replayed_total'],
  'delivery.overflows': ['cache_invalidations_overflowed_total'],
  'delivery.spooled': ['cache_invalidations_spooled'],
  'delivery.notReplicated': ['cache_invalidations_unreplicated_total'],
  'mutations.running': ['cache_mutations_running'],
  'mutations.quarantinedKeys': ['cache_quarantined_keys'],
  'mutations.unprotected': ['cache_mutations_unprotected_total'],
  'coherence.lag.count': ['cache_invalidation_lag_seconds_count'],
  'coherence.afterInvalidation.hits': ['cache_after_invalidation_gets_total', { result: 'hit' }],
  'coherence.afterInvalidation.misses': ['cache_after_invalidation_gets_total', { result: 'miss' }],
  'coherence.reach.calls': ['cache_invalidation_calls_total'],
  'coherence.reach.processes': ['cache_invalidation_reached_processes_total'],
  'coherence.shadowReads': ['cache_shadow_reads_total'],
  'redis.connected': ['cache_redis_connections', { state: 'up' }],
  'redis.pending': ['cache_redis_pending'],
  observerErrors: ['cache_observer_errors_total'],
}

function familySeries(cache: string, field: string, last: string, plain: Plain) {
  switch (field) {
    case 'reads': {
      const result = hitFrom.includes(last) ? 'hit' : 'miss'
      return plain('cache_gets_total', { cache, result, served_by: last })
    }
    case 'stores':
      return plain('cache_stores_total', { cache, result: last })
    case 'warmed':
      return plain('cache_warmed_gets_total', { cache })
    case 'loads':
      return plain('cache_loads_total', { cache, outcome: 'ok' })
    case 'loadErrors':
      return plain('cache_loads_total', { cache, outcome: 'error' })
    case 'sets':
      return plain('cache_sets_total', { cache })
    case 'invalidations':
      return plain('cache_invalidate_targets_total', { cache })
    default:
      return undefined
  }
}

function regionSeries([, , cache = '', field = '', cause = '']: readonly string[], plain: Plain) {
  switch (field) {
    case 'entries':
      return plain('cache_size', { cache })
    case 'bytes':
      return plain('cache_size_bytes', { cache })
    case 'bytesShare':
      return plain('cache_max_size_bytes', { cache })
    case 'puts':
      return plain('cache_puts_total', { cache, tier: 'memory' })
    case 'evictions':
      return plain('cache_evictions_total', { cache, cause })
    default:
      return undefined
  }
}
