/** A process of the history test: one cache and several clients. */
import { Redis } from 'ioredis'
import type { HistoryRecord } from 'staleproof/testing'
import { serveCalls } from '../servers/worker.ts'
import { type CacheCalls, type CacheInit, openCacheCalls } from './cache-calls.ts'
import { DatabaseClient } from './database-client.ts'
import { HistoryClient, type HistoryFamily } from './history-client.ts'
import { Random } from './random.ts'
import { monotonicMs } from './reading.ts'

export interface HistoryInit extends CacheInit {
  readonly seed: number
  /** All but `proper` are broken on purpose, and the judge must notice. */
  readonly invalidation: keyof typeof invalidations
}

export interface ProcessHistory {
  readonly history: readonly HistoryRecord[]
  readonly failures: readonly string[]
}

export type HistoryCalls = CacheCalls & {
  readonly run: (durationMs: number) => Promise<ProcessHistory>
}

const clientCount = 3

serveCalls(async (init: HistoryInit): Promise<HistoryCalls> => {
  const calls = await openCacheCalls(init)
  const database = new DatabaseClient(init.databaseUrl)
  const invalidate = invalidations[init.invalidation](calls, init)
  const run = async (durationMs: number): Promise<ProcessHistory> => {
    const untilMs = monotonicMs() + durationMs
    const clients = Array.from({ length: clientCount }, (_, index) => {
      const random = new Random(init.seed + index)
      return new HistoryClient({ process: init.service, calls, invalidate, database, random })
    })
    await Promise.all(clients.map((client) => client.run(untilMs)))
    return {
      history: clients.flatMap((client) => client.history),
      failures: clients.flatMap((client) => client.failures),
    }
  }
  return { ...calls, run }
})

type Invalidate = (family: HistoryFamily, id: number) => Promise<string>

const lateMs = 100

const invalidations = {
  proper:
    (calls: CacheCalls): Invalidate =>
    (family, id) =>
      tokenOf(calls, family, id),

  /** As caches do that only delete the key in Redis. */
  deleteOnly: (_calls: CacheCalls, { redisUrl = '', namespace }: CacheInit): Invalidate => {
    const redis = new Redis(redisUrl)
    return async (family, id) => {
      await redis.del(`{${namespace}:0}:k:${family}:${id}`)
      return ''
    }
  },

  /** Says that it is done before it is. */
  notAwaited: (calls: CacheCalls): Invalidate => {
    return async (family, id) => {
      setTimeout(() => tokenOf(calls, family, id).catch(() => {}), lateMs)
      return ''
    }
  },

  /** Hands out the receipt of its first invalidation again and again. */
  oldToken: (calls: CacheCalls): Invalidate => {
    let first: string | undefined
    return async (family, id) => {
      const token = await tokenOf(calls, family, id)
      first ??= token
      return first
    }
  },
} as const

async function tokenOf(calls: CacheCalls, family: HistoryFamily, id: number): Promise<string> {
  return (await calls.invalidate(family, [id])).token
}
