/** Alerts on what the cache itself tells: hit rate, coherence, breakers, warming (SPEC F4, B6). */
import type { Alert } from './alert.ts'
import { countOf, increase, rate, series, shareAbove, sumBy } from './promql.ts'

/** Recorded, because rules and dashboards ask for them again and again. */
export const hitRatio = 'cache:hit_ratio:rate5m'
export const getRate = 'cache:gets:rate5m'

const byFamily = ['job', 'cache']
const gets = sumBy(byFamily, rate(series('cache_gets_total'), '5m'))
const hits = sumBy(byFamily, rate(series('cache_gets_total', { result: 'hit' }), '5m'))

/** By name: the expression. */
export const recordings: Readonly<Record<string, string>> = {
  [hitRatio]: `${hits} / ${gets}`,
  [getRate]: gets,
}

/** A ratio of hardly any reads says nothing. */
const isRead = `and ${getRate} > 1`

export const cacheAlerts: readonly Alert[] = [
  {
    name: 'CacheHitRateLow',
    expression: `${hitRatio} < 0.70 ${isRead}`,
    holds: '15m',
    severity: 'warning',
    summary: 'Family {{ $labels.cache }} of {{ $labels.job }} hits less than 70 %',
    description: '{{ $value | humanizePercentage }} of its reads hit; the goal is 80 %.',
    dashboard: 'staleproof-family',
  },
  {
    name: 'CacheHitRateCritical',
    expression: `${hitRatio} < 0.50 ${isRead}`,
    holds: '10m',
    severity: 'critical',
    summary: 'Family {{ $labels.cache }} of {{ $labels.job }} hits less than half of its reads',
    description: '{{ $value | humanizePercentage }} of its reads hit; the goal is 80 %.',
    dashboard: 'staleproof-family',
  },
  {
    name: 'CacheStaleReads',
    expression: `${sumBy(byFamily, increase(series('cache_stale_reads_total'), '15m'))} > 0`,
    holds: '0m',
    severity: 'critical',
    summary: 'Family {{ $labels.cache }} of {{ $labels.job }} has served an invalidated value',
    description:
      '{{ $value | humanize }} reads in 15 minutes were older than what is proven. The cache ' +
      'promises that there are none.',
    dashboard: 'staleproof-family',
  },
  {
    name: 'CacheInvalidationLag',
    expression: `${shareAbove({
      metric: 'cache_invalidation_lag_seconds',
      edge: 0.5,
      window: '10m',
      by: ['job'],
    })} > 0.05`,
    holds: '10m',
    severity: 'warning',
    summary: 'Invalidations reach the memory of {{ $labels.job }} late',
    description: '{{ $value | humanizePercentage }} of them took more than 500 ms; 5 % may.',
    dashboard: 'staleproof-overview',
  },
  {
    name: 'CacheInvalidationsPending',
    expression: `max by (job) (${series('cache_invalidations_pending_oldest_seconds')}) > 60`,
    holds: '1m',
    severity: 'critical',
    summary: 'Invalidations of {{ $labels.job }} have not reached Redis',
    description:
      'The oldest waits for {{ $value | humanizeDuration }}. Other processes may serve what it ' +
      'is about until it is delivered, or until its TTL.',
    dashboard: 'staleproof-overview',
  },
  {
    name: 'CacheInvalidationTooBroad',
    expression: `${shareAbove({
      metric: 'cache_invalidated_keys',
      edge: 100,
      window: '30m',
      by: ['job', 'cache'],
    })} > 0.05`,
    holds: '30m',
    severity: 'warning',
    summary: 'Invalidations of family {{ $labels.cache }} by {{ $labels.job }} are broad',
    description: '{{ $value | humanizePercentage }} of them named more than 100 keys; 5 % may.',
    dashboard: 'staleproof-family',
  },
  {
    name: 'CacheBreakerOpen',
    expression: `max by (job, breaker) (${series('cache_breaker_state', { state: 'open' })}) == 1`,
    holds: '2m',
    severity: 'critical',
    summary: 'Breaker {{ $labels.breaker }} of {{ $labels.job }} is open',
    description: 'What it guards has failed for minutes and is not asked any more.',
    dashboard: 'staleproof-overview',
  },
  {
    name: 'CacheDownToSource',
    expression: `max by (job) (${series('cache_health_state', { state: 'down_to_source' })}) == 1`,
    holds: '2m',
    severity: 'critical',
    summary: 'Every read of {{ $labels.job }} goes to the source',
    description: 'Redis can not be used, and memory is not trusted without it.',
    dashboard: 'staleproof-overview',
  },
  {
    name: 'CacheWarmStale',
    // One that has never succeeded has no time of a success; its value is 0.
    expression:
      `time() - max by (job, task) ` +
      `(${series('cache_warm_last_success_timestamp_seconds')}) > ` +
      `3 * max by (job, task) (${series('cache_warm_interval_seconds')}) or ` +
      `0 * (max by (job, task) (${series('cache_warm_runs_total', { outcome: 'error' })}) > 0) ` +
      `unless on (job, task) ${series('cache_warm_last_success_timestamp_seconds')}`,
    holds: '5m',
    severity: 'warning',
    summary: 'Warming task {{ $labels.task }} of {{ $labels.job }} has not succeeded lately',
    description:
      '{{ if eq $value 0.0 }}It has failed, and has never succeeded.{{ else }}Its last success ' +
      'was {{ $value | humanizeDuration }} ago, which is more than three of its periods.{{ end }}',
    dashboard: 'staleproof-overview',
  },
]

const redisCalls = sumBy(['job'], rate(countOf('cache_redis_operation_duration_seconds'), '5m'))

/** What services feel of Redis; how the server feels is in `redis-alerts.ts`. */
export const redisLatencyAlerts: readonly Alert[] = [
  {
    name: 'RedisP95High',
    expression:
      `(${shareAbove({
        metric: 'cache_redis_operation_duration_seconds',
        edge: 0.01,
        window: '5m',
        by: ['job'],
      })}) > 0.05 ` + `and ${redisCalls} > 1`,
    holds: '5m',
    severity: 'warning',
    summary: 'p95 of Redis, as {{ $labels.job }} sees it, is above 10 ms',
    description:
      '{{ $value | humanizePercentage }} of its operations took longer; 5 % may. The goal is ' +
      'a p95 of 5 ms.',
    dashboard: 'staleproof-redis',
  },
]
