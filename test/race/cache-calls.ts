/**
 * One cache of the race tests and what a test may ask of it: the same in the process of the
 * test (embedded) and in a process of its own (see cache-worker.ts).
 */
import { setTimeout as pause } from 'node:timers/promises'
import {
  type Cache,
  type GetOptions,
  type Health,
  type InvalidateOptions,
  isStaleproofError,
  type Outcome,
  openCache,
  type Receipt,
  type SetResult,
} from 'staleproof'
import { catalog, type RaceFamily, type Register } from './catalog.ts'
import { DatabaseClient } from './database-client.ts'
import { monotonicMs, type Reading } from './reading.ts'

export interface CacheInit {
  readonly service: string
  readonly databaseUrl: string
  /** Absent: embedded. */
  readonly redisUrl: string | undefined
  readonly namespace: string
  readonly trustMs: number
  readonly leaseTtlMs?: number
  readonly budgetMs?: number
  /** By how much this process's wall clock is wrong. */
  readonly wallOffsetMs?: number
  readonly memory?: false
  /** Calls of the source of `grouped` at a time. */
  readonly concurrency?: number
  /** True: this process can load nothing. */
  readonly hasNoSources?: boolean
}

export interface Invalidated {
  readonly token: string
  readonly reached: number
  /** When `invalidate` had resolved. */
  readonly resolvedMs: number
}

export interface Barriered {
  readonly barrier: Receipt['barrier']
  readonly resolvedMs: number
}

export interface LastServed {
  readonly version: number
  readonly invokedMs: number
}

/** Handlers by name, as `serveCalls` wants them. */
export type CacheCalls = {
  readonly [name: string]: (...args: never[]) => unknown
  readonly read: (family: RaceFamily, id: number, options?: GetOptions) => Promise<Reading>
  readonly readMany: (
    family: RaceFamily,
    ids: readonly number[],
    options?: GetOptions,
  ) => Promise<Reading[]>
  /** So many callers in the same tick. */
  readonly readAtOnce: (family: RaceFamily, id: number, callers: number) => Promise<Reading[]>
  /** Reads again and again until that moment has passed; at most 10,000 readings. */
  readonly readUntil: (family: RaceFamily, id: number, untilMs: number) => Promise<Reading[]>
  readonly peek: (family: RaceFamily, id: number) => number | undefined
  readonly set: (family: 'ordered' | 'pushed', id: number, version: number) => Promise<SetResult>
  readonly invalidate: (family: RaceFamily, ids: readonly number[]) => Promise<Invalidated>
  /** The token of the receipt, also where Redis could not be told yet. */
  readonly invalidateOrPending: (family: RaceFamily, id: number) => Promise<string>
  /** Both an item and what is derived from it. */
  readonly invalidateWithDerived: (id: number) => Promise<Invalidated>
  readonly invalidateTag: (tag: string, options?: InvalidateOptions) => Promise<Invalidated>
  /** A family; everything where none is named. */
  readonly clear: (family?: RaceFamily) => Promise<Invalidated>
  readonly invalidateWithBarrier: (family: RaceFamily, id: number) => Promise<Barriered>
  /** Writes the next version to the database, in quarantine. */
  readonly mutateWithBarrier: (family: RaceFamily, id: number) => Promise<Barriered>
  /**
   * Asks as often as it can until that version is served. Of each version on the way: when
   * it was last asked for.
   */
  readonly lastServed: (family: RaceFamily, id: number, version: number) => Promise<LastServed[]>
  /** As if the process had slept for so long. */
  readonly sleepFor: (sleepMs: number) => void
  /** By how much the wall clock is wrong from now on. */
  readonly shiftWallClock: (offsetMs: number) => void
  readonly health: () => Health
  readonly pending: () => number
  readonly settled: () => Promise<void>
  readonly close: () => Promise<void>
}

type RaceCache = Cache<typeof catalog.families>

const readingsMax = 10_000
const readPauseMs = 5

export async function openCacheCalls(init: CacheInit): Promise<CacheCalls> {
  if (init.wallOffsetMs !== undefined) shiftWallClock(init.wallOffsetMs)
  const cache = await openRaceCache(init)
  return {
    ...readsOf(cache),
    peek: (family, id) => cache[family].peek(id)?.version,
    set: (family, id, version) => cache[family].set(id, { version }),
    invalidate: async (family, ids) => timed(await cache[family].invalidate(ids)),
    invalidateOrPending: async (family, id) => {
      const invalidating = cache[family].invalidate(id)
      const { token } = await invalidating.catch(receiptOfPending)
      return token
    },
    invalidateWithDerived: async (id) =>
      timed(await cache.invalidate([cache.item.key(id), cache.derived.key(id)])),
    ...groupWritesOf(cache),
    ...barriersOf(cache, new DatabaseClient(init.databaseUrl)),
    sleepFor,
    shiftWallClock,
    health: () => cache.health(),
    pending: () => cache.pending().length,
    settled: () => cache.settled(),
    close: () => cache.close(),
  }
}

async function openRaceCache(init: CacheInit): Promise<RaceCache> {
  const database = new DatabaseClient(init.databaseUrl)
  const loadMany = async (
    family: RaceFamily,
    ids: readonly number[],
    signal: AbortSignal,
  ): Promise<Register[]> => {
    const versions = await database.read(family, ids, signal)
    return versions.map((version) => ({ version }))
  }
  const cache: RaceCache = await openCache(catalog, {
    service: init.service,
    redis: init.redisUrl,
    namespace: init.namespace,
    trust: init.trustMs,
    leaseTtl: init.leaseTtlMs,
    budget: init.budgetMs,
    memory: init.memory,
    log: false,
    sources: init.hasNoSources
      ? {}
      : {
          item: { many: (ids, { signal }) => loadMany('item', ids, signal) },
          aging: { many: (ids, { signal }) => loadMany('aging', ids, signal) },
          grouped: {
            one: async (id, { signal }) => {
              const [register] = await loadMany('grouped', [id], signal)
              return register?.version === 0 ? undefined : register
            },
            concurrency: init.concurrency,
          },
          ordered: async (id, { signal }) => (await loadMany('ordered', [id], signal))[0],
          derived: async (id, { signal }) => {
            const item = await cache.item.get(id)
            // Read for nothing, so that a test can stop here: after the item, before the store.
            await database.read('derived', [id], signal)
            return item
          },
        },
  })
  return cache
}

function groupWritesOf(cache: RaceCache): Pick<CacheCalls, 'invalidateTag' | 'clear'> {
  return {
    invalidateTag: async (tag, options) => timed(await cache.invalidateTag(tag, options)),
    clear: async (family) => timed(await (family ? cache[family].clear() : cache.clear())),
  }
}

function barriersOf(
  cache: RaceCache,
  database: DatabaseClient,
): Pick<CacheCalls, 'invalidateWithBarrier' | 'mutateWithBarrier'> {
  const resolved = ({ barrier }: Receipt) => ({ barrier, resolvedMs: monotonicMs() })
  return {
    invalidateWithBarrier: async (family, id) =>
      resolved(await cache[family].invalidate(id, { barrier: true })),
    mutateWithBarrier: async (family, id) => {
      const write = () => database.bump(family, [id])
      const options = { barrier: true, receipt: true } as const
      return resolved((await cache.mutate([cache[family].key(id)], write, options)).receipt)
    },
  }
}

function readsOf(
  cache: RaceCache,
): Pick<CacheCalls, 'read' | 'readMany' | 'readAtOnce' | 'readUntil' | 'lastServed'> {
  const read = async (family: RaceFamily, id: number, options?: GetOptions): Promise<Reading> => {
    const invokedMs = monotonicMs()
    return readingOf(await cache[family].lookup(id, options), invokedMs)
  }
  return {
    read,
    readMany: async (family, ids, options) => {
      const invokedMs = monotonicMs()
      const outcomes = await cache[family].lookupMany(ids, options)
      return outcomes.map((outcome) => readingOf(outcome, invokedMs))
    },
    readAtOnce: (family, id, callers) =>
      Promise.all(Array.from({ length: callers }, () => read(family, id))),
    readUntil: async (family, id, untilMs) => {
      const readings: Reading[] = []
      while (readings.length < readingsMax && (readings.at(-1)?.invokedMs ?? 0) < untilMs) {
        readings.push(await read(family, id))
        await pause(readPauseMs)
      }
      return readings
    },
    lastServed: async (family, id, version) => {
      const last = new Map<number, LastServed>()
      while (!last.has(version)) {
        const { invokedMs, version: served = 0 } = await read(family, id)
        last.set(served, { version: served, invokedMs })
        await pause(1)
      }
      return [...last.values()]
    },
  }
}

export function receiptOfPending(error: unknown): Receipt {
  const isPending = isStaleproofError(error, 'SP_INVALIDATION_PENDING')
  if (isPending && error.receipt !== undefined) return error.receipt
  throw error
}

const wallNow = Date.now

function shiftWallClock(offsetMs: number): void {
  Date.now = () => wallNow() + offsetMs
}

const monotonicNow = performance.now.bind(performance)
let sleptMs = 0

function sleepFor(sleepMs: number): void {
  sleptMs += sleepMs
  performance.now = () => monotonicNow() + sleptMs
}

function readingOf(outcome: Outcome<Register>, invokedMs: number): Reading {
  if (outcome.from === 'none') throw outcome.error
  const { value, from, why } = outcome
  return { invokedMs, returnedMs: monotonicMs(), version: value?.version, from, why }
}

function timed(receipt: { readonly token: string; readonly reached: number }): Invalidated {
  return { token: receipt.token, reached: receipt.reached, resolvedMs: monotonicMs() }
}
