import { describe, expect, test } from 'vitest'
import { StaleproofError } from '../../core/errors.ts'
import type { CacheEvent, InvalidateEvent, LoadEvent, ReadEvent } from '../../core/outcome.ts'
import type { MetricName } from './definitions.ts'
import { countEvent } from './event-metrics.ts'
import { NameBounds } from './name-bounds.ts'
import { SeriesTable } from './series-table.ts'

const familyOf = (key: string) => key.split(':')[0]

function counted(...events: readonly CacheEvent[]) {
  const table = new SeriesTable('full', new NameBounds())
  for (const event of events) countEvent(event, table, familyOf)
  /** Values, or how many were counted. */
  return (name: MetricName) =>
    Object.fromEntries(
      table
        .series(name)
        .map(({ labels, value, cumulative }) => [
          Object.values(labels).join(' '),
          cumulative?.at(-1) ?? value,
        ]),
    )
}

const read = (outcome: object, more: Partial<ReadEvent> = {}): ReadEvent => ({
  kind: 'read',
  family: 'user',
  id: 7,
  key: 'user:7',
  priority: 'read',
  weight: 1,
  ms: 3,
  outcome: { stale: false, value: 1, ageMs: 0, ...outcome } as ReadEvent['outcome'],
  ...more,
})
const load = (more: Partial<LoadEvent>): LoadEvent => {
  const usual = { keys: ['user:7'], ms: 20, attempts: 1, error: undefined, stored: [], sizes: [] }
  return { kind: 'load', family: 'user', ...usual, ...more }
}
const invalidate = (more: Partial<InvalidateEvent>): InvalidateEvent => {
  const usual = { via: 'call', keys: [], tags: [], origin: 'api', reason: 'sold' } as const
  const rest = { subject: undefined, reached: 1, pending: [], ms: 1 }
  return { kind: 'invalidate', ...usual, ...rest, ...more }
}

describe('reads', () => {
  test('are timed by where their time went', () => {
    const of = counted(
      read({ from: 'memory', why: 'fresh' }, { weight: 64 }),
      read({ from: 'redis', why: 'stored' }),
      read({ from: 'joined', why: 'revalidated' }),
      read({ from: 'joined', why: 'absent' }),
      read({ from: 'source', why: 'absent' }),
    )
    const times = { 'user memory': 64, 'user redis': 2, 'user source': 2 }
    expect(of('cache_get_duration_seconds')).toEqual(times)
  })

  test('that were given something old, nothing, or were ahead of need are not timed', () => {
    const of = counted(
      read({ from: 'stale', why: 'revalidating' }),
      read({ from: 'none', why: 'aborted' }),
      read({ from: 'redis', why: 'stored' }, { priority: 'warm' }),
    )
    expect(of('cache_get_duration_seconds')).toEqual({})
  })

  test('that waited for another process were spared a load', () => {
    const of = counted(
      read({ from: 'redis', why: 'waited' }),
      read({ from: 'redis', why: 'stored' }),
    )
    expect(of('cache_coalesced_total')).toEqual({ 'user cluster': 1 })
  })

  test('that could not ask Redis are errors of that tier', () => {
    const of = counted(
      read({ from: 'source', why: 'redisDown' }),
      read({ from: 'source', why: 'absent' }),
    )
    expect(of('cache_tier_gets_total')).toEqual({ 'user redis error': 1 })
  })
})

describe('loads', () => {
  test('are timed by how they ended, where the source was asked at all', () => {
    const refused = new StaleproofError('SP_SOURCE_UNAVAILABLE', 'open')
    const of = counted(
      load({}),
      load({ error: new Error('x') }),
      load({ error: refused, attempts: 0 }),
    )
    expect(of('cache_load_duration_seconds')).toEqual({ 'user ok': 1, 'user error': 1 })
    expect(of('cache_loads_total')).toEqual({ 'user rejected': 1 })
  })

  test('that took too long are told apart', () => {
    const of = counted(load({ error: new StaleproofError('SP_LOAD_TIMEOUT', 'late') }))
    expect(of('cache_loads_total')).toEqual({ 'user timeout': 1 })
  })

  test('tell the sizes of what was stored, before and after compression', () => {
    const of = counted(load({ sizes: [{ rawBytes: 4_000, storedBytes: 900 }] }))
    expect(of('cache_value_bytes')).toEqual({ 'user raw': 1, 'user stored': 1 })
  })
})

describe('invalidations', () => {
  test('are counted once for each family and scope, with the breadth of keys', () => {
    const of = counted(invalidate({ keys: ['user:1', 'user:2', 'price:1'], tags: ['vip'] }))
    const counts = { 'user key sold': 1, 'price key sold': 1, '* group sold': 1 }
    expect(of('cache_invalidations_total')).toEqual(counts)
    expect(of('cache_invalidated_keys')).toEqual({ user: 1, price: 1 })
  })

  test('of patterns, families and everything have their own scopes', () => {
    const of = counted(invalidate({ keys: ['market:*'] }), invalidate({ keys: ['*'], reason: '' }))
    expect(of('cache_invalidations_total')).toEqual({ '* pattern sold': 1, '* all none': 1 })
  })

  test('that are said again, or by others, are not asked for once more', () => {
    const of = counted(
      invalidate({ keys: ['user:1'], via: 'retry' }),
      invalidate({ keys: ['user:1'], via: 'message', lagMs: 4 }),
      invalidate({ keys: ['user:1'], via: 'message' }),
    )
    expect(of('cache_invalidations_total')).toEqual({})
    expect(of('cache_invalidation_lag_seconds')).toEqual({ '': 1 })
  })
})

test('breakers, locks, Redis and faults are counted as they happen', () => {
  const of = counted(
    {
      ...{ kind: 'breaker', breaker: 'family:user', before: 'open', state: 'halfOpen' },
      ...{ afterMs: 1, retryMs: undefined },
    },
    { kind: 'lock', lock: 'settle', outcome: 'held', waitMs: 5 },
    { kind: 'lock', lock: 'settle', outcome: 'lost', waitMs: 0 },
    { kind: 'redis', operation: 'read', isAnswered: true, ms: 1 },
    { kind: 'link', link: 'commands', partition: 0, up: true, reason: '' },
    { kind: 'link', link: 'commands', partition: 0, up: true, reason: 'answers again' },
    { kind: 'fault', error: new StaleproofError('SP_INTERNAL', 'x') },
  )
  expect(of('cache_breaker_transitions_total')).toEqual({ 'family:user half_open': 1 })
  expect(of('cache_locks_total')).toEqual({ 'settle held': 1, 'settle lost': 1 })
  expect(of('cache_lock_wait_seconds')).toEqual({ settle: 1 })
  expect(of('cache_redis_operation_duration_seconds')).toEqual({ read: 1 })
  expect(of('cache_redis_reconnects_total')).toEqual({ '': 1 })
  expect(of('cache_faults_total')).toEqual({ SP_INTERNAL: 1 })
})

test('what takes exactly as long as an edge is not beyond it', () => {
  const table = new SeriesTable('full', new NameBounds())
  const at = (ms: number): CacheEvent => ({
    kind: 'redis',
    operation: 'read',
    isAnswered: true,
    ms,
  })
  for (const ms of [5, 10, 10.001]) countEvent(at(ms), table, familyOf)
  const [series] = table.series('cache_redis_operation_duration_seconds')
  expect(series?.cumulative?.slice(4, 7)).toEqual([1, 2, 3])
})
