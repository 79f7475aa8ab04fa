/**
 * A process that writes registers by `mutate` and works under locks. It asks the database for
 * a step before and after it commits, so that a test can stop or kill it there.
 */
import { openCache } from 'staleproof'
import { eventually } from '../servers/eventually.ts'
import { type Calls, serveCalls } from '../servers/worker.ts'
import { catalog } from './catalog.ts'
import { DatabaseClient } from './database-client.ts'
import { monotonicMs, type Reading } from './reading.ts'

export interface MutateInit {
  readonly redisUrl: string
  readonly databaseUrl: string
  readonly namespace: string
  readonly trustMs: number
  readonly quarantineMs: number
}

export interface Locked {
  readonly fence: number
  /** The signal had fired when the work ended. */
  readonly isLost: boolean
}

export interface MutateCalls extends Calls {
  readonly read: (id: number) => Promise<Reading>
  readonly readUntil: (id: number, untilMs: number) => Promise<Reading[]>
  /** Steps `before` and `after` the commit. */
  readonly mutate: (id: number) => Promise<void>
  /** The same by a bare invalidation after the commit. */
  readonly invalidateAfter: (id: number) => Promise<void>
  /** Step `work` while it is held. */
  readonly lock: (id: number, ttlMs: number, waitMs?: number) => Promise<Locked>
}

serveCalls(async (init: MutateInit): Promise<MutateCalls> => {
  const database = new DatabaseClient(init.databaseUrl)
  const cache = await openCache(catalog, {
    service: 'writer',
    redis: init.redisUrl,
    namespace: init.namespace,
    trust: init.trustMs,
    quarantine: init.quarantineMs,
    log: false,
    sources: {
      item: {
        many: async (ids, { signal }) => {
          const versions = await database.read('item', ids, signal)
          return versions.map((version) => ({ version }))
        },
      },
    },
  })
  const step = (name: string, id: number) => database.read(name, [id])
  const write = async (id: number) => {
    await step('before', id)
    await database.bump('item', [id])
    await step('after', id)
  }
  const read = async (id: number): Promise<Reading> => {
    const invokedMs = monotonicMs()
    const outcome = await cache.item.lookup(id)
    if (outcome.from === 'none') throw outcome.error
    const { from, why, value } = outcome
    return { invokedMs, returnedMs: monotonicMs(), version: value?.version, from, why }
  }
  return {
    read,
    readUntil: async (id, untilMs) => {
      const readings: Reading[] = []
      await eventually('it is read long enough', async () => {
        readings.push(await read(id))
        return monotonicMs() > untilMs
      })
      return readings
    },
    mutate: (id) => cache.mutate([cache.item.key(id)], () => write(id)),
    invalidateAfter: async (id) => {
      await write(id)
      await cache.item.invalidate(id)
    },
    lock: (id, ttlMs, waitMs) =>
      cache.lock(`work ${id}`, { ttl: ttlMs, wait: waitMs }, async (signal, fence) => {
        await step('work', id)
        return { fence, isLost: signal.aborted }
      }),
  }
})
