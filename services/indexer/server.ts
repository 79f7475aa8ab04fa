/**
 * The indexer: follows the trades of watched addresses. The list of addresses and the meaning of
 * tokens come through its cache, so that an address added through the API is followed at once.
 */
import { Redis } from 'ioredis'
import { openCache, type Sources } from 'staleproof'
import { type Database, openDatabase } from '../database/connection.ts'
import { transactor } from '../database/transact.ts'
import { catalog, type PolycoolFamilies } from '../domain/catalog.ts'
import type { PolycoolCache } from '../domain/writes.ts'
import { openInSteps } from '../process/closing.ts'
import { addDebugRoutes } from '../process/debug-routes.ts'
import { addHealthRoute, createHttpServer, listen } from '../process/http-server.ts'
import { type ServiceLogger, silentLogger } from '../process/logger.ts'
import { Loop } from '../process/loop.ts'
import { fetchWatchedAddresses } from './api-client.ts'
import { watchFirstLeaders } from './first-leaders.ts'
import { type FollowOptions, followAddress } from './follow.ts'
import { hasMarkets, tokenMeanings } from './repositories/token-meanings.ts'

export interface IndexerOptions {
  readonly databaseUrl: string
  readonly poolMax?: number
  readonly redisUrl?: string | undefined
  readonly apiUrl: string
  readonly upstreamUrl: string
  readonly pollMs?: number
  readonly host?: string
  readonly port?: number
  readonly adminToken?: string | undefined
  readonly log?: ServiceLogger
}

export interface Indexer {
  readonly url: string
  readonly cache: PolycoolCache
  close(): Promise<void>
}

export function openIndexer(options: IndexerOptions): Promise<Indexer> {
  return openInSteps(async (closing) => {
    const log = options.log ?? silentLogger()
    const database = openDatabase({ ...options, log, closing })
    const cache = await openCache(catalog, {
      service: 'indexer',
      redis: options.redisUrl,
      sources: sourcesOf(options.apiUrl, database),
      log,
    })
    closing.add(() => cache.close())
    const bell = openBell(options.redisUrl)
    closing.add(() => bell.close())
    const { upstreamUrl } = options
    const transact = transactor(database)
    const follow = { cache, database, transact, log, upstreamUrl, wake: bell.ring }
    const loop = openLoop(options, follow)
    closing.add(() => loop.close())
    const app = createHttpServer(log)
    addHealthRoute(app, { service: 'indexer', cache })
    addDebugRoutes(app, options.adminToken, cache)
    closing.add(() => app.close())
    const url = await listen(app, options)
    return { url, cache, close: () => closing.close() }
  })
}

function sourcesOf(apiUrl: string, database: Database): Sources<PolycoolFamilies> {
  return {
    watchedAddresses: ({ signal }) => fetchWatchedAddresses(apiUrl, signal),
    tokenMeaning: { many: (tokenIds) => tokenMeanings(database, tokenIds) },
  }
}

function openLoop(options: IndexerOptions, follow: FollowOptions): Loop {
  const { cache, log } = follow
  let isReady = false
  return new Loop({
    name: 'follow',
    pauseMs: options.pollMs ?? 1_000,
    log,
    run: async (signal) => {
      // A trade is understood by its market, so the workers' first import comes before anything.
      if (!isReady && !(await hasMarkets(follow.database))) return
      if (!isReady) await watchFirstLeaders({ ...options, log }, signal)
      isReady = true
      const watched = (await cache.watchedAddresses.get({ signal })) ?? []
      await followAll(
        follow,
        watched.map(({ address }) => address),
        signal,
      )
    },
  })
}

/** One address that fails does not hold up the others; its place is kept for the next round. */
async function followAll(follow: FollowOptions, addresses: readonly string[], signal: AbortSignal) {
  const faults: unknown[] = []
  for (const address of addresses) {
    signal.throwIfAborted()
    await followAddress(follow, address, signal).catch((fault: unknown) => faults.push(fault))
  }
  if (faults.length > 0) throw new AggregateError(faults, `${faults.length} addresses not read`)
}

interface Bell {
  readonly ring: (channel: string) => void
  readonly close: () => void
}

/** The wake-up for the copy-trade listener: told once, not repeated, never waited for. */
function openBell(redisUrl: string | undefined): Bell {
  if (redisUrl === undefined) return { ring: () => undefined, close: () => undefined }
  const redis = new Redis(redisUrl, { enableOfflineQueue: false, maxRetriesPerRequest: 0 })
  // A lost message costs the listener a second: it polls the table.
  redis.on('error', () => undefined)
  return {
    ring: (channel) => {
      redis.publish(channel, '').catch(() => undefined)
    },
    close: () => redis.disconnect(),
  }
}
