/** One build of a service: it reads registers as fast as a few callers do, and invalidates. */
import { setTimeout as pause } from 'node:timers/promises'
import { defineCatalog, family, openCache, shape } from 'staleproof'
import { type Calls, serveCalls } from '../servers/worker.ts'
import type { Register } from './catalog.ts'
import { DatabaseClient } from './database-client.ts'
import { monotonicMs, type Reading } from './reading.ts'

export interface BuildInit {
  readonly databaseUrl: string
  readonly redisUrl: string
  readonly namespace: string
  readonly trustMs: number
  /** What makes its values others than those of the other build. */
  readonly version: number
}

export interface Load {
  readonly reads: number
  /** Only those of memory and Redis: what was stored by somebody of the same build. */
  readonly hits: number
  readonly errors: readonly string[]
  readonly broken: readonly Broken[]
}

/** A read older than what the test had said before. */
export interface Broken extends Reading {
  readonly id: number
  readonly due: number
}

export interface BuildCalls extends Calls {
  /** Callers read until then, with pauses that leave the other build its turn. */
  readonly readUntil: (ids: readonly number[], untilMs: number) => Promise<Load>
  /** Nothing older may be read from a moment on. */
  readonly expectFrom: (id: number, version: number, dueMs: number) => void
  /** When it had resolved. */
  readonly invalidate: (id: number) => Promise<number>
  /** Values that this build has stored. */
  readonly stored: () => number
}

const callers = 4
const pauseMs = 8

serveCalls(async (init: BuildInit): Promise<BuildCalls> => {
  const database = new DatabaseClient(init.databaseUrl)
  const catalog = defineCatalog('race', {
    item: family('item:{id:int}', {
      value: shape<Register>(),
      ttl: '5m',
      versionOf: [init.version],
    }),
  })
  const cache = await openCache(catalog, {
    service: `build-${init.version}`,
    redis: init.redisUrl,
    namespace: init.namespace,
    trust: init.trustMs,
    log: false,
    sources: {
      item: async (id, { signal }) => ({
        version: (await database.read('item', [id], signal))[0] ?? 0,
      }),
    },
  })
  const dues = new Map<number, { readonly version: number; readonly dueMs: number }>()

  async function readOnce(id: number): Promise<Broken | boolean> {
    const invokedMs = monotonicMs()
    const outcome = await cache.item.lookup(id)
    if (outcome.from === 'none') throw outcome.error
    const { value, from, why } = outcome
    const version = value?.version ?? 0
    const due = dues.get(id)
    const isBroken = due !== undefined && invokedMs > due.dueMs && version < due.version
    if (!isBroken) return from === 'memory' || from === 'redis'
    return { id, due: due.version, invokedMs, returnedMs: monotonicMs(), version, from, why }
  }

  return {
    async readUntil(ids, untilMs) {
      const load = { reads: 0, hits: 0, errors: [] as string[], broken: [] as Broken[] }
      const caller = async (offset: number) => {
        for (let at = offset; monotonicMs() < untilMs; at++) {
          const id = ids[at % ids.length] ?? 0
          const result = await readOnce(id).catch((error: unknown) => String(error))
          load.reads++
          if (typeof result === 'string') load.errors.push(result)
          else if (typeof result === 'object') load.broken.push(result)
          else if (result) load.hits++
          await pause(pauseMs)
        }
      }
      await Promise.all(Array.from({ length: callers }, (_, offset) => caller(offset)))
      const { errors, broken } = load
      return { ...load, errors: errors.slice(0, 5), broken: broken.slice(0, 5) }
    },
    expectFrom: (id, version, dueMs) => {
      dues.set(id, { version, dueMs })
    },
    async invalidate(id) {
      await cache.item.invalidate(id, { reason: 'deployed' })
      return monotonicMs()
    },
    stored: () => cache.stats().families.item?.stores.stored ?? 0,
    close: () => cache.close(),
  }
})
