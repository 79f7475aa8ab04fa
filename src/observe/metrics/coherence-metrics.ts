/** Metrics of coherence, resilience and the way to Redis of one process (SPEC B6, D2, F3). */
import { breadthEdges, lagEdges, redisEdges } from './buckets.ts'
import { counter, gauge, histogram, type MetricTable } from './definition.ts'
import {
  breaker,
  breakerStates,
  cache,
  errorCode,
  figures,
  healthStates,
  hitOrMiss,
  invalidationScopes,
  limit,
  lock,
  lossReason,
  origin,
  reason,
  redisOperations,
  told,
} from './label-values.ts'

/** By name: the labels. */
export interface CoherenceMetricLabels {
  cache_invalidations_total: 'cache' | 'scope' | 'reason'
  cache_invalidate_targets_total: 'cache'
  cache_invalidated_keys: 'cache'
  cache_invalidation_lag_seconds: never
  cache_invalidation_gaps_total: never
  cache_after_invalidation_gets_total: 'result'
  cache_stale_reads_total: 'cache'
  cache_shadow_reads_total: never
  cache_invalidations_pending: never
  cache_invalidations_pending_oldest_seconds: never
  cache_invalidations_late_total: never
  cache_invalidations_replayed_total: never
  cache_invalidations_overflowed_total: never
  cache_invalidations_spooled: never
  cache_invalidations_unreplicated_total: never
  cache_invalidation_origin_lag_seconds: 'origin' | 'figure'
  cache_invalidation_reached_processes_total: never
  cache_invalidation_calls_total: never
  cache_trust_losses_total: 'why'
  cache_faults_total: 'code'
  cache_health_state: 'state'
  cache_mutations_total: 'outcome'
  cache_mutations_running: never
  cache_mutations_unprotected_total: never
  cache_quarantined_keys: never
  cache_breaker_state: 'breaker' | 'state'
  cache_breaker_transitions_total: 'breaker' | 'to'
  cache_breaker_failures_total: 'breaker'
  cache_breaker_rejected_total: 'breaker'
  cache_breaker_recovery_attempts_total: 'breaker'
  cache_breaker_recoveries_total: 'breaker'
  cache_breaker_recovery_mean_seconds: 'breaker'
  cache_breaker_latency_seconds: 'breaker' | 'figure'
  cache_locks_total: 'lock' | 'outcome'
  cache_lock_wait_seconds: 'lock'
  cache_redis_operation_duration_seconds: 'operation'
  cache_redis_connections: 'state'
  cache_redis_pending: never
  cache_redis_reconnects_total: never
  cache_client_granted_total: 'limit'
  cache_client_throttled_total: 'limit'
  cache_client_unshared_total: 'limit'
  cache_client_waiting: 'limit'
  cache_observer_errors_total: never
  cache_build_info: 'version' | 'runtime'
  cache_registry_info: 'cache' | 'ttl_seconds' | 'version'
}

export const coherenceMetrics: MetricTable<CoherenceMetricLabels> = {
  cache_invalidations_total: counter('Invalidations that this process asked for, each once', {
    cache,
    scope: invalidationScopes,
    reason,
  }),
  cache_invalidate_targets_total: counter('Keys of a family that were to be invalidated', {
    cache,
  }),
  cache_invalidated_keys: histogram(
    'Keys that an invalidation named, by family',
    { cache },
    breadthEdges,
  ),
  cache_invalidation_lag_seconds: histogram(
    'From the execution of an invalidation on the server until it was applied here',
    {},
    lagEdges,
  ),
  cache_invalidation_gaps_total: counter('Messages found missing by their number', {}),
  cache_after_invalidation_gets_total: counter('Reads soon after an invalidation of their key', {
    result: hitOrMiss,
  }),
  cache_stale_reads_total: counter('Reads found to be older than what is proven', { cache }),
  cache_shadow_reads_total: counter('Reads that were compared with what is proven', {}),
  cache_invalidations_pending: gauge('Invalidations that Redis was not told about yet', {}),
  cache_invalidations_pending_oldest_seconds: gauge('How long the oldest of them waits', {}),
  cache_invalidations_late_total: counter('Delivered after their call was refused', {}),
  cache_invalidations_replayed_total: counter('Said again to a server that may have lost them', {}),
  cache_invalidations_overflowed_total: counter('Full lists that became something wider', {}),
  cache_invalidations_spooled: gauge('Lines in the journal on disk', {}),
  cache_invalidations_unreplicated_total: counter('Calls that too few replicas confirmed', {}),
  cache_invalidation_origin_lag_seconds: gauge('The same by the service that asked', {
    origin,
    figure: figures,
  }),
  cache_invalidation_reached_processes_total: counter(
    'Processes that invalidations were handed to',
    {},
  ),
  cache_invalidation_calls_total: counter('The invalidations that were', {}),
  cache_trust_losses_total: counter('Times at which memory of a partition became suspect', {
    why: lossReason,
  }),
  cache_faults_total: counter('What went wrong that no caller was told about', { code: errorCode }),
  cache_health_state: gauge('1 for the state that the cache is in', { state: healthStates }),
  cache_mutations_total: counter('Writes by mutate that have ended', {
    outcome: ['committed', 'failed', 'refused'],
  }),
  cache_mutations_running: gauge('Writes by mutate under way', {}),
  cache_mutations_unprotected_total: counter('Writes with keys that were not quarantined', {}),
  cache_quarantined_keys: gauge('Keys that this process has in quarantine', {}),
  cache_breaker_state: gauge('1 for the state that a breaker is in', {
    breaker,
    state: breakerStates,
  }),
  cache_breaker_transitions_total: counter('Changes of state', { breaker, to: breakerStates }),
  cache_breaker_failures_total: counter('Calls that failed', { breaker }),
  cache_breaker_rejected_total: counter('Calls that were not made', { breaker }),
  cache_breaker_recovery_attempts_total: counter('Calls made to see if it can close', { breaker }),
  cache_breaker_recoveries_total: counter('Times at which it has closed again', { breaker }),
  cache_breaker_recovery_mean_seconds: gauge('From opening to closing, on average', { breaker }),
  cache_breaker_latency_seconds: gauge('Of calls that have ended, since the start', {
    breaker,
    figure: figures,
  }),
  cache_locks_total: counter('Locks that were asked for, and locks that were lost', {
    lock,
    outcome: ['held', 'taken', 'unreachable', 'lost'],
  }),
  cache_lock_wait_seconds: histogram('How long a lock was waited for', { lock }, redisEdges),
  cache_redis_operation_duration_seconds: histogram(
    'Calls to Redis, one for what leaves together; no messages and nothing that blocks',
    { operation: redisOperations },
    redisEdges,
  ),
  cache_redis_connections: gauge('Partitions by whether they can be reached', {
    state: ['up', 'down'],
  }),
  cache_redis_pending: gauge('Calls to Redis under way', {}),
  cache_redis_reconnects_total: counter('Connections that have come up again', {}),
  cache_client_granted_total: counter('Tokens asked of a limiter and granted', { limit }),
  cache_client_throttled_total: counter('Requests that a limiter refused', { limit }),
  cache_client_unshared_total: counter('Decided without Redis, although shared', { limit }),
  cache_client_waiting: gauge('Requests that wait for tokens', { limit }),
  cache_observer_errors_total: counter('Times at which an observer threw', {}),
  cache_build_info: gauge('1: what runs here', { version: told, runtime: told }),
  cache_registry_info: gauge('1 for each family: what is declared', {
    cache,
    ttl_seconds: told,
    version: told,
  }),
}
