/**
 * Every default with its reason, in one place. Durations are milliseconds, sizes are bytes.
 */

import type { Sizing } from './options.ts'

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
  readonly sizing: Default<Sizing>
  readonly maxValueBytes: Default<number>
  readonly maxBatch: Default<number>
  readonly gather: Default<boolean>
  readonly singleLoadsAtOnce: Default<number>
  readonly durabilityMs: Default<number>
  readonly coalesceMs: Default<number>
  readonly quarantineMs: Default<number>
  readonly requireRedis: Default<boolean>
  readonly freeze: Default<boolean>
  readonly compress: Default<'auto'>
  readonly sensitive: Default<'refuse'>
  readonly sourceConcurrency: Default<number>
  readonly sourceQueue: Default<number>
  readonly retryPauseMs: Default<number>
  readonly breakerFailureRate: Default<number>
  readonly breakerWindowMs: Default<number>
  readonly breakerMinCalls: Default<number>
  readonly breakerOpenMs: Default<number>
  readonly breakerOpenMsMost: Default<number>
  readonly breakerTrials: Default<number>
  readonly redisFailures: Default<number>
  readonly earlyRefreshBeta: Default<number>
  readonly debounceFlushesPerSecond: Default<number>
  readonly debounceBatchMax: Default<number>
  readonly debouncePendingMax: Default<number>
  readonly limiterScope: Default<'shared'>
  readonly limiterWithoutRedis: Default<'local'>
  readonly shadowReads: Default<number>
  readonly logKeys: Default<boolean>
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
  sizing: {
    value: 'off',
    reason: 'Equal parts are what everybody expects; most memories are never short of room.',
  },
  maxValueBytes: {
    value: 4 * 1_024 * 1_024,
    reason: 'Larger values block Redis and its connection for everybody else.',
  },
  maxBatch: {
    value: 200,
    reason: 'Bounds how long one script blocks Redis and how much one query asks.',
  },
  gather: {
    value: true,
    reason: 'A query for many ids costs little more than one, and nobody waits for it longer.',
  },
  singleLoadsAtOnce: {
    value: 16,
    reason: 'A batch of ids without a source for many does not take all connections.',
  },
  durabilityMs: {
    value: 50,
    reason: 'Replicas near their primary answer within a few; the writer waits for this one.',
  },
  coalesceMs: {
    value: 0,
    reason: 'Until the end of the tick: what is asked for together is said together, at no cost.',
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
  compress: {
    value: 'auto',
    reason:
      'Lists shrink to a third for a few microseconds a kilobyte; small values stay as they are.',
  },
  sensitive: {
    value: 'refuse',
    reason: 'A secret in Redis outlives its deletion; a family that must hold one can say so.',
  },
  sourceConcurrency: {
    value: 100,
    reason: 'More calls at a time than that make most sources slower, not faster.',
  },
  sourceQueue: {
    value: 10_000,
    reason: 'A burst waits, which is seconds of work for most sources; beyond it none would end.',
  },
  retryPauseMs: {
    value: 50,
    reason: 'A connection that was cut has been made anew by then; a caller hardly notices.',
  },
  breakerFailureRate: {
    value: 0.5,
    reason: 'Half of the calls failing is no longer the fault of single ids.',
  },
  breakerWindowMs: {
    value: 10_000,
    reason: 'Long enough for a share to mean something, short enough to act within an outage.',
  },
  breakerMinCalls: {
    value: 20,
    reason: 'A few failures among few calls are chance.',
  },
  breakerOpenMs: {
    value: 5_000,
    reason: 'A dependency that restarts is back in about this time.',
  },
  breakerOpenMsMost: {
    value: 60_000,
    reason: 'However long an outage was, its end is noticed within a minute.',
  },
  breakerTrials: {
    value: 3,
    reason: 'One success may be chance; three show that it lasts, and burden nobody.',
  },
  redisFailures: {
    value: 3,
    reason: 'One may be chance; each more makes a caller wait a whole budget for nothing.',
  },
  earlyRefreshBeta: {
    value: 1,
    reason: 'A load begins, on average, as long before the end as it takes.',
  },
  debounceFlushesPerSecond: {
    value: 2,
    reason: 'A database hardly notices two writes a second, and nobody waits long for a turn.',
  },
  debounceBatchMax: {
    value: 500,
    reason: 'One statement writes so many rows at once; more would hold its locks for long.',
  },
  debouncePendingMax: {
    value: 10_000,
    reason: 'Some megabytes, and ten seconds of flushes, of what a process that is killed loses.',
  },
  limiterScope: {
    value: 'shared',
    reason: 'A quota of a provider is one for all processes; whoever means another one says so.',
  },
  limiterWithoutRedis: {
    value: 'local',
    reason: 'Neither stops everything with Redis, nor lets a single process ask without bound.',
  },
  shadowReads: {
    value: 0,
    reason: 'They are reads that nobody asked for: who pays for a server says how many.',
  },
  logKeys: {
    value: false,
    reason: 'Keys hold ids of people, and logs are kept longer and read by more than caches.',
  },
}
