/**
 * What events alone tell: durations, sizes, breadth, lag. The rest of a cache's numbers is read
 * from `stats` when somebody asks for it, so that both always agree.
 */
import { isStaleproofError } from '../../core/errors.ts'
import type {
  CacheEvent,
  InvalidateEvent,
  LoadEvent,
  Outcome,
  ReadEvent,
} from '../../core/outcome.ts'
import { type FamilyOfKey, partsOf } from './invalidation-scope.ts'
import { unknownFamily } from './label-values.ts'
import type { MetricSink } from './series-table.ts'

export function countEvent(event: CacheEvent, sink: MetricSink, familyOf: FamilyOfKey): void {
  switch (event.kind) {
    case 'read':
      countRead(event, sink)
      break
    case 'load':
      countLoad(event, sink)
      break
    case 'invalidate':
      if (event.via === 'call') countAsked(event, sink, familyOf)
      else countLag(event, sink)
      break
    case 'set':
      countLag(event, sink)
      break
    case 'mutate':
      sink.add('cache_mutations_total', { outcome: event.outcome }, 1)
      break
    default:
      countState(event, sink)
  }
}

/** Of breakers, locks and the way to Redis. What is not here is in `stats`, or is no number. */
function countState(event: CacheEvent, sink: MetricSink): void {
  switch (event.kind) {
    case 'breaker': {
      const { breaker, state } = event
      sink.add('cache_breaker_transitions_total', { breaker, to: stateWord(state) }, 1)
      break
    }
    case 'lock': {
      const { lock, outcome, waitMs } = event
      sink.add('cache_locks_total', { lock, outcome }, 1)
      if (outcome !== 'lost') sink.observe('cache_lock_wait_seconds', { lock }, inSeconds(waitMs))
      break
    }
    case 'redis': {
      const { operation, ms } = event
      sink.observe('cache_redis_operation_duration_seconds', { operation }, inSeconds(ms))
      break
    }
    case 'link':
      // One without a reason: the connection itself, not what a breaker says of it.
      if (event.up && event.reason === '') sink.add('cache_redis_reconnects_total', {}, 1)
      break
    case 'fault':
      sink.add('cache_faults_total', { code: event.error.code }, 1)
  }
}

/** As label values are written. */
export function stateWord(state: string): string {
  return state.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll('-', '_')
}

function countRead({ family: cache, priority, outcome, ms, weight }: ReadEvent, sink: MetricSink) {
  if (priority === 'warm') return
  const served_by = timedBy(outcome)
  if (served_by !== undefined) {
    sink.observe('cache_get_duration_seconds', { cache, served_by }, { value: ms / 1_000, weight })
  }
  if (outcome.from === 'redis' && outcome.why === 'waited') {
    sink.add('cache_coalesced_total', { cache, scope: 'cluster' }, 1)
  }
  if (outcome.from === 'source' && outcome.why === 'redisDown') {
    sink.add('cache_tier_gets_total', { cache, tier: 'redis', result: 'error' }, 1)
  }
}

/** Where the time went; undefined: an old value or none is no measure of anything. */
function timedBy(outcome: Outcome<unknown>): 'memory' | 'redis' | 'source' | undefined {
  const { from, why } = outcome
  if (from === 'stale' || from === 'none') return undefined
  if (from !== 'joined') return from
  return why === 'stored' || why === 'revalidated' || why === 'waited' ? 'redis' : 'source'
}

function countLoad({ family: cache, ms, attempts, error, sizes }: LoadEvent, sink: MetricSink) {
  const outcome = error === undefined ? 'ok' : 'error'
  const kind = failureKind(error, attempts)
  if (kind !== undefined) sink.add('cache_loads_total', { cache, outcome: kind }, 1)
  // What was refused before the source was asked says nothing of it.
  if (attempts > 0) sink.observe('cache_load_duration_seconds', { cache, outcome }, inSeconds(ms))
  for (const { rawBytes, storedBytes } of sizes) {
    sink.observe('cache_value_bytes', { cache, form: 'raw' }, { value: rawBytes })
    sink.observe('cache_value_bytes', { cache, form: 'stored' }, { value: storedBytes })
  }
}

/** Of the failures that `stats` counts together; undefined: any other. */
function failureKind(error: unknown, attempts: number): 'timeout' | 'rejected' | undefined {
  if (isStaleproofError(error, 'SP_LOAD_TIMEOUT')) return 'timeout'
  return error !== undefined && attempts === 0 ? 'rejected' : undefined
}

/** Each once: what is said again was asked for before. */
function countAsked(event: InvalidateEvent, sink: MetricSink, familyOf: FamilyOfKey): void {
  const reason = event.reason === '' ? 'none' : event.reason
  for (const { scope, family, count } of partsOf(event, familyOf)) {
    const cache = family ?? unknownFamily
    sink.add('cache_invalidations_total', { cache, scope, reason }, 1)
    if (scope === 'key') sink.observe('cache_invalidated_keys', { cache }, { value: count })
  }
}

function countLag({ lagMs }: { readonly lagMs?: number | undefined }, sink: MetricSink): void {
  if (lagMs !== undefined) sink.observe('cache_invalidation_lag_seconds', {}, inSeconds(lagMs))
}

function inSeconds(ms: number): { readonly value: number } {
  return { value: ms / 1_000 }
}
