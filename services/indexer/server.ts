/**
 * The indexer: follows the trades of watched addresses. The list of addresses and the meaning of
 * tokens come through its cache, so that an address added through the API is followed at once.
 */
import { openCache, type Sources } from 'staleproof'
import type { BreakerSettings, Dependency } from '../caches/breakers.ts'
import { WatchedAddresses } from '../caches/watched-addresses.ts'
import { type Database, openDatabase } from '../database/connection.ts'
import { transactor } from '../database/transact.ts'
import { addDatabaseRoute, usedBy } from '../database/use-route.ts'
import { catalog, type PolycoolFamilies } from '../domain/catalog.ts'
import type { PolycoolCache } from '../domain/writes.ts'
import { addCacheRoutes } from '../process/cache-routes.ts'
import { clearWritten } from '../process/clean-start.ts'
import { openInSteps } from '../process/closing.ts'
import { addDebugRoutes } from '../process/debug-routes.ts'
import { addHealthRoute } from '../process/health.ts'
import { createHttpServer, listen } from '../process/http-server.ts'
import { type ServiceLogger, silentLogger } from '../process/logger.ts'
import { Loop } from '../process/loop.ts'
import { addMetrics } from '../process/metrics.ts'
import { addOperations, type OperationsOptions } from '../process/operations.ts'
import { providerAt } from '../process/provider-quota.ts'
import { openRedis, type RedisTarget } from '../process/redis-target.ts'
import { ServiceParts } from '../process/reporter-parts.ts'
import { shadowReads } from '../process/shadow-reads.ts'
import type { FollowOptions } from './address-trades.ts'
import { type ApiAccess, fetchWatchedAddresses } from './api-client.ts'
import { watchFirstLeaders } from './first-leaders.ts'
import { Follower } from './follow.ts'
import { hasMarkets, tokenMeanings } from './repositories/token-meanings.ts'

export interface IndexerOptions extends OperationsOptions {
  readonly databaseUrl: string
  readonly poolMax?: number
  readonly apiUrl: string
  readonly upstreamUrl: string
  readonly pollMs?: number
  readonly host?: string
  readonly port?: number
  /** Opens `/metrics`. */
  readonly metricsToken?: string | undefined
  readonly breakers?: BreakerSettings | undefined
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
      sources: sourcesOf(options, database),
      shadowReads,
      log,
    })
    closing.add(() => cache.close())
    await clearWritten({ cache, log }, 'indexer')
    const bell = openBell(options.redisUrl)
    closing.add(() => bell.close())
    const provider = providerAt(options.upstreamUrl, cache)
    const transact = transactor(database)
    const follow = { cache, database, transact, log, provider, wake: bell.ring }
    const watched = new WatchedAddresses(cache)
    const loop = openLoop(options, { follow, watched })
    closing.add(() => loop.close())
    closing.add(watched.onChange(() => loop.wake()))
    const app = createHttpServer(log)
    const parts = new ServiceParts(app, database.$client)
    addMetrics(app, { ...options, cache, closing, pool: database.$client, parts })
    const details = () => usedBy(database)
    addHealthRoute(app, { ...options, service: 'indexer', cache, details })
    addDatabaseRoute(app, options.adminToken, database)
    addDebugRoutes(app, options.adminToken, cache)
    addCacheRoutes(app, { ...options, service: 'indexer', cache })
    await addOperations(app, { ...options, cache, closing, log, parts })
    closing.add(() => app.close())
    const url = await listen(app, options)
    return { url, cache, close: () => closing.close() }
  })
}

function sourcesOf(api: ApiAccess, database: Database): Sources<PolycoolFamilies> {
  return {
    watchedAddresses: {
      one: ({ signal }) => fetchWatchedAddresses(api, signal),
      dependency: 'api' satisfies Dependency,
    },
    tokenMeaning: {
      many: (tokenIds) => tokenMeanings(database, tokenIds),
      dependency: 'database' satisfies Dependency,
    },
  }
}

interface Following {
  readonly follow: FollowOptions
  readonly watched: WatchedAddresses
}

function openLoop(options: IndexerOptions, { follow, watched }: Following): Loop {
  const { database, log, provider } = follow
  const follower = new Follower(follow)
  let isReady = false
  return new Loop({
    name: 'follow',
    pauseMs: options.pollMs ?? 1_000,
    log,
    run: async (signal) => {
      // A trade is understood by its market, so the workers' first import comes before anything.
      if (!isReady && !(await hasMarkets(database))) return
      if (!isReady) await watchFirstLeaders({ ...options, provider, log }, signal)
      isReady = true
      await follower.round(await watched.current({ signal }), signal)
    },
  })
}

interface Bell {
  readonly ring: (channel: string) => void
  readonly close: () => void
}

/** The wake-up for the copy-trade listener: told once, not repeated, never waited for. */
function openBell(redisUrl: RedisTarget | undefined): Bell {
  if (redisUrl === undefined) return { ring: () => undefined, close: () => undefined }
  const redis = openRedis(redisUrl, { enableOfflineQueue: false, maxRetriesPerRequest: 0 })
  // A lost message costs the listener a second: it polls the table.
  redis.on('error', () => undefined)
  return {
    ring: (channel) => {
      redis.publish(channel, '').catch(() => undefined)
    },
    close: () => redis.disconnect(),
  }
}
