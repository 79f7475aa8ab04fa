/** What a service reports of what it runs beside its cache, and what it is advised, as metrics. */
import type { PoolFacts, ReporterParts, TaskFacts } from '../process-facts.ts'
import type { ScalingFigures } from '../scaling/figures.ts'
import type { MetricSink } from './series-table.ts'
import type { WarmRuns } from './warm-runs.ts'

/** `runs` remembers which runs were seen, from one look to the next. */
export function readParts(parts: ReporterParts, runs: WarmRuns, sink: MetricSink): void {
  for (const task of parts.warming?.tasks ?? []) {
    readTask(task, sink)
    runs.see(task)
  }
  for (const [cache, { loaded, used }] of Object.entries(parts.preloading?.families ?? {})) {
    sink.add('cache_preload_total', { cache }, loaded)
    sink.add('cache_preload_used_total', { cache }, used)
  }
  const { prediction } = parts
  sink.add('cache_prediction_preloads_total', {}, prediction?.preloads)
  sink.add('cache_prediction_used_total', {}, prediction?.used)
  sink.add('cache_prediction_precision_ratio', {}, prediction?.precision)
  for (const [live_data, sources] of Object.entries(parts.liveData ?? {})) {
    for (const { name: source, state, isActive, activations, failures } of sources) {
      const labels = { live_data, source }
      sink.add('cache_source_up', labels, state === 'up' ? 1 : 0)
      sink.add('cache_source_active', labels, isActive ? 1 : 0)
      sink.add('cache_source_switches_total', labels, activations)
      sink.add('cache_source_failures_total', labels, failures)
    }
  }
  if (parts.database !== undefined) readPool(parts.database, sink)
}

export function readScaling(figures: ScalingFigures | undefined, sink: MetricSink): void {
  for (const [service, advice] of Object.entries(figures?.services ?? {})) {
    sink.add('cache_replicas', { service }, advice.replicas)
    sink.add('cache_replicas_advised', { service }, advice.replicasAdvised)
    sink.add('cache_memory_advised_bytes', { service }, advice.memoryAdvisedBytes)
  }
  const fullMs = figures?.redisMemoryFullMs
  sink.add('cache_redis_memory_advised_bytes', {}, figures?.redisMemoryAdvisedBytes)
  sink.add('cache_redis_memory_full_seconds', {}, fullMs === undefined ? undefined : fullMs / 1_000)
}

function readTask(facts: TaskFacts, sink: MetricSink): void {
  const { name: task, everyMs, successes, failures, lastSuccessMs } = facts
  sink.add('cache_warm_interval_seconds', { task }, everyMs / 1_000)
  sink.add('cache_warm_runs_total', { task, outcome: 'ok' }, successes)
  sink.add('cache_warm_runs_total', { task, outcome: 'error' }, failures)
  const lastS = lastSuccessMs === undefined ? undefined : lastSuccessMs / 1_000
  sink.add('cache_warm_last_success_timestamp_seconds', { task }, lastS)
}

function readPool({ max, used, idle, waiting, waits }: PoolFacts, sink: MetricSink): void {
  sink.add('db_pool_connections', { state: 'idle' }, idle)
  sink.add('db_pool_connections', { state: 'used' }, used)
  sink.add('db_pool_max_connections', {}, max)
  sink.add('db_pool_pending', {}, waiting)
  sink.add('db_pool_waits_total', {}, waits)
}
