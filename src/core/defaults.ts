/**
 * Every default with its reason, in one place. Durations are milliseconds, sizes are bytes.
 */

export interface Default<T> {
  readonly value: T
  readonly reason: string
}

export interface Defaults {
  readonly trustMs: Default<number>
  readonly budgetMs: Default<number>
  readonly connectTimeoutMs: Default<number>
  readonly leaseTtlMs: Default<number>
  readonly loadTimeoutMs: Default<number>
  readonly memoryBytesMax: Default<number>
  readonly memoryEntriesMax: Default<number>
  readonly maxValueBytes: Default<number>
  readonly maxBatch: Default<number>
  readonly singleLoadsAtOnce: Default<number>
  readonly durabilityMs: Default<number>
  readonly quarantineMs: Default<number>
  readonly requireRedis: Default<boolean>
  readonly freeze: Default<boolean>
}

export const DEFAULTS: Defaults = {
  trustMs: {
    value: 1_500,
    reason:
      'The bound Δ on what memory may serve after an invalidation when messages are lost: long ' +
      'enough that three beats fit in, short enough that a person hardly notices.',
  },
  budgetMs: {
    value: 500,
    reason: 'One call waits no longer for Redis in total; a source is usually faster than that.',
  },
  connectTimeoutMs: {
    value: 2_000,
    reason: 'A service starts degraded after this rather than late.',
  },
  leaseTtlMs: {
    value: 5_000,
    reason: 'Renewed at half of it; a loader that died holds its key back no longer.',
  },
  loadTimeoutMs: {
    value: 10_000,
    reason: 'Beyond this a caller has given up; those who wait for the load give up with it.',
  },
  memoryBytesMax: {
    value: 64 * 1_024 * 1_024,
    reason: 'Small beside the memory of a usual Node process, large beside its hot set.',
  },
  memoryEntriesMax: {
    value: 100_000,
    reason: 'Bounds the bookkeeping of many tiny values, which the bytes alone do not.',
  },
  maxValueBytes: {
    value: 4 * 1_024 * 1_024,
    reason: 'Larger values block Redis and its connection for everybody else.',
  },
  maxBatch: {
    value: 200,
    reason: 'Bounds how long one script blocks Redis and how much one query asks.',
  },
  singleLoadsAtOnce: {
    value: 16,
    reason: 'A batch of ids without a source for many does not take all connections.',
  },
  durabilityMs: {
    value: 50,
    reason: 'Replicas near their primary answer within a few; the writer waits for this one.',
  },
  quarantineMs: {
    value: 30_000,
    reason:
      'Longer than a database should take to commit; a writer that died keeps its keys from ' +
      'being cached that long.',
  },
  requireRedis: {
    value: false,
    reason: 'A cache must not keep a service from starting.',
  },
  freeze: {
    value: true,
    reason: 'All callers share one object; freezing makes that safe without copies.',
  },
}
