/**
 * Metrics of what a service runs beside its cache: warming, live data, its database, its HTTP
 * server, and what it is advised to have.
 */
import { httpEdges, loadEdges, warmEdges } from './buckets.ts'
import { counter, gauge, histogram, type MetricTable } from './definition.ts'
import { cache, liveData, method, route, service, source, status, task } from './label-values.ts'

/** By name: the labels. */
export interface ServiceMetricLabels {
  cache_warm_runs_total: 'task' | 'outcome'
  cache_warm_duration_seconds: 'task'
  cache_warm_interval_seconds: 'task'
  cache_warm_last_success_timestamp_seconds: 'task'
  cache_preload_total: 'cache'
  cache_preload_used_total: 'cache'
  cache_prediction_preloads_total: never
  cache_prediction_used_total: never
  cache_prediction_precision_ratio: never
  cache_source_up: 'live_data' | 'source'
  cache_source_active: 'live_data' | 'source'
  cache_source_switches_total: 'live_data' | 'source'
  cache_source_failures_total: 'live_data' | 'source'
  cache_memory_advised_bytes: 'service'
  cache_redis_memory_advised_bytes: never
  cache_redis_memory_full_seconds: never
  cache_replicas: 'service'
  cache_replicas_advised: 'service'
  db_query_duration_seconds: never
  db_pool_connections: 'state'
  db_pool_max_connections: never
  db_pool_pending: never
  db_pool_waits_total: never
  http_server_requests_total: 'route' | 'method' | 'status'
  http_server_request_duration_seconds: 'route' | 'method'
}

export const serviceMetrics: MetricTable<ServiceMetricLabels> = {
  cache_warm_runs_total: counter('Runs of a warming task that have ended', {
    task,
    outcome: ['ok', 'error'],
  }),
  cache_warm_duration_seconds: histogram(
    'How long runs of a warming task took; those that end between two scrapes are one',
    { task },
    warmEdges,
  ),
  cache_warm_interval_seconds: gauge('From one run to the next', { task }),
  cache_warm_last_success_timestamp_seconds: gauge('When a run last succeeded', { task }),
  cache_preload_total: counter('Keys loaded ahead of their readers', { cache }),
  cache_preload_used_total: counter('Those of them that were read', { cache }),
  cache_prediction_preloads_total: counter('Keys loaded because they were predicted', {}),
  cache_prediction_used_total: counter('Those of them that were read', {}),
  cache_prediction_precision_ratio: gauge('Share of predictions that came true lately', {}),
  cache_source_up: gauge('1: a source of live data has data', { live_data: liveData, source }),
  cache_source_active: gauge('1: it is the one that is relied on', { live_data: liveData, source }),
  cache_source_switches_total: counter('Times at which it became that one', {
    live_data: liveData,
    source,
  }),
  cache_source_failures_total: counter('Connections lost, reads failed, silences', {
    live_data: liveData,
    source,
  }),
  cache_memory_advised_bytes: gauge('Memory that a process of a service should have', { service }),
  cache_redis_memory_advised_bytes: gauge('The maxmemory that Redis should have', {}),
  cache_redis_memory_full_seconds: gauge('Until 90 % of maxmemory are used, by its trend', {}),
  cache_replicas: gauge('Processes of a service', { service }),
  cache_replicas_advised: gauge('Processes that a service should have', { service }),
  db_query_duration_seconds: histogram('How long queries to the database took', {}, loadEdges),
  db_pool_connections: gauge('Connections of this process to the database', {
    state: ['idle', 'used'],
  }),
  db_pool_max_connections: gauge('The most that it may have', {}),
  db_pool_pending: gauge('Callers that wait for a connection', {}),
  db_pool_waits_total: counter('Callers that had to wait for one', {}),
  http_server_requests_total: counter('Requests, by the template of their route', {
    route,
    method,
    status,
  }),
  http_server_request_duration_seconds: histogram(
    'How long requests took, by the template of their route',
    { route, method },
    httpEdges,
  ),
}
