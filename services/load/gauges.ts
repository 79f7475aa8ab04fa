/** Counters of the system under load, read before and after: the difference is what a run cost. */
import { z } from 'zod'
import { askRedis } from '../launcher/redis-probe.ts'
import { redisTarget } from '../process/redis-target.ts'
import { type CacheCounts, cacheCounts } from './cache-counts.ts'
import type { DatabaseWatch } from './database-watch.ts'
import type { HttpPool } from './http-pool.ts'
import { familyTimeMs, processTimes } from './processor-time.ts'
import type { System } from './system.ts'

/** All since some beginning; what can't be read is absent. */
export interface Reading {
  readonly atMs: number
  /** By family. */
  readonly caches: ReadonlyMap<string, CacheCounts> | undefined
  /** Statements of the API. */
  readonly queries: number | undefined
  /** Those of them outside of transactions. */
  readonly readQueries: number | undefined
  /** Of the whole database, workers and indexer included. */
  readonly transactions: number | undefined
  readonly redisCommands: number | undefined
  readonly apiMs: number | undefined
  readonly databaseMs: number | undefined
}

export interface GaugeOptions {
  readonly system: System
  readonly api: HttpPool
  readonly database: DatabaseWatch | undefined
}

const redisDeadlineMs = 5_000
const databaseUse = z.object({ queries: z.number(), reads: z.number() })

export async function readGauges(options: GaugeOptions): Promise<Reading> {
  const { system, database } = options
  const { apiPid } = system
  const [caches, use, redisCommands, activity, backendPid] = await Promise.all([
    debugAnswer(options, '/debug/caches'),
    debugAnswer(options, '/debug/database'),
    system.redisUrl === undefined ? undefined : commandsOf(system.redisUrl),
    database?.activity(),
    database?.backendPid(),
  ])
  const queries = use === undefined ? undefined : databaseUse.parse(use)
  return {
    atMs: performance.now(),
    caches: caches === undefined ? undefined : cacheCounts(caches),
    queries: queries?.queries,
    readQueries: queries?.reads,
    transactions: activity?.transactions,
    redisCommands,
    apiMs: apiPid === undefined ? undefined : processTimes(apiPid)?.ms,
    databaseMs: backendPid === undefined ? undefined : familyTimeMs(backendPid, 'postgres'),
  }
}

/** `undefined` without the administrator token, where those routes are not there. */
async function debugAnswer({ system, api }: GaugeOptions, path: string): Promise<unknown> {
  const { adminToken } = system
  if (adminToken === undefined) return undefined
  const headers = { authorization: `Bearer ${adminToken}` }
  return api.json({ method: 'GET', path, headers })
}

/** Of one server; those of several are not added up. */
async function commandsOf(url: string): Promise<number | undefined> {
  if (typeof redisTarget(url) !== 'string') return undefined
  const info = await askRedis(url, redisDeadlineMs, (redis) => redis.info('stats'))
  const [, count] = /^total_commands_processed:(\d+)/m.exec(info) ?? []
  if (count === undefined) throw new Error('expected total_commands_processed of Redis, got none')
  return Number(count)
}
