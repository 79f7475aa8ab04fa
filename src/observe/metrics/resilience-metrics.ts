/** What a cache says of its breakers, its limiters, the way to Redis, its health and itself. */
import type { CacheAbout } from '../../core/about.ts'
import type { BreakerStats, CacheStats, Health } from '../../core/stats.ts'
import { version } from '../../version.ts'
import { stateWord } from './event-metrics.ts'
import { breakerStates, healthStates } from './label-values.ts'
import type { MetricSink } from './series-table.ts'

export function readResilience(stats: CacheStats, sink: MetricSink): void {
  for (const [breaker, one] of Object.entries(stats.breakers)) readBreaker(breaker, one, sink)
  for (const [limit, limiter] of Object.entries(stats.limiters)) {
    sink.add('cache_client_granted_total', { limit }, limiter.granted)
    sink.add('cache_client_throttled_total', { limit }, limiter.refused)
    sink.add('cache_client_unshared_total', { limit }, limiter.withoutRedis)
    sink.add('cache_client_waiting', { limit }, limiter.waiting)
  }
  const { partitions, connected, pending } = stats.redis
  sink.add('cache_redis_connections', { state: 'up' }, connected)
  sink.add('cache_redis_connections', { state: 'down' }, partitions - connected)
  sink.add('cache_redis_pending', {}, pending)
  sink.add('cache_observer_errors_total', {}, stats.observerErrors)
}

export function readHealth({ state: now }: Health, sink: MetricSink): void {
  for (const state of healthStates) {
    sink.add('cache_health_state', { state }, state === stateWord(now) ? 1 : 0)
  }
}

/** What it declares; constant, to be joined with what it does. */
export function readAbout({ families }: CacheAbout, sink: MetricSink): void {
  sink.add('cache_build_info', { version, runtime: `node ${process.versions.node}` }, 1)
  for (const [cache, family] of Object.entries(families)) {
    const declared = { ttl_seconds: String(family.ttlMs / 1_000), version: family.version }
    sink.add('cache_registry_info', { cache, ...declared }, 1)
  }
}

function readBreaker(breaker: string, stats: BreakerStats, sink: MetricSink): void {
  const { state: now, recoveries, recoveryMeanMs, latency } = stats
  for (const state of breakerStates) {
    sink.add('cache_breaker_state', { breaker, state }, state === stateWord(now) ? 1 : 0)
  }
  // That of Redis tells no events: it opens once for each time that it closes.
  if (breaker.startsWith('redis:')) {
    const opened = recoveries + (now === 'closed' ? 0 : 1)
    sink.add('cache_breaker_transitions_total', { breaker, to: 'open' }, opened)
    sink.add('cache_breaker_transitions_total', { breaker, to: 'closed' }, recoveries)
  }
  sink.add('cache_breaker_failures_total', { breaker }, stats.failures)
  sink.add('cache_breaker_rejected_total', { breaker }, stats.rejected)
  sink.add('cache_breaker_recovery_attempts_total', { breaker }, stats.recoveryAttempts)
  sink.add('cache_breaker_recoveries_total', { breaker }, recoveries)
  const meanS = recoveryMeanMs === undefined ? undefined : recoveryMeanMs / 1_000
  sink.add('cache_breaker_recovery_mean_seconds', { breaker }, meanS)
  const latencyOf = (figure: string, ms: number) => {
    sink.add('cache_breaker_latency_seconds', { breaker, figure }, ms / 1_000)
  }
  latencyOf('p50', latency.p50Ms)
  latencyOf('p99', latency.p99Ms)
  latencyOf('max', latency.maxMs)
}
