/**
 * The API: owns PostgreSQL, answers reads through its cache, and invalidates after every commit.
 * Tests open it in their own process; `main.ts` opens it as one.
 */
import { openCache } from 'staleproof'
import type { Warmer } from 'staleproof/warm'
import type { BreakerSettings } from '../caches/breakers.ts'
import type { WarmingSettings } from '../caches/market-preloader.ts'
import { SearchCache } from '../caches/search-cache.ts'
import { openDatabase } from '../database/connection.ts'
import { migrateAt } from '../database/migrate.ts'
import { transactor, type WriteHooks } from '../database/transact.ts'
import { addDatabaseRoute, usedBy } from '../database/use-route.ts'
import { catalog } from '../domain/catalog.ts'
import type { PolycoolCache } from '../domain/writes.ts'
import { addCacheRoutes } from '../process/cache-routes.ts'
import { clearWritten } from '../process/clean-start.ts'
import { openInSteps } from '../process/closing.ts'
import { addDebugRoutes } from '../process/debug-routes.ts'
import { addHealthRoute } from '../process/health.ts'
import { createHttpServer, listen, type TypedServer } from '../process/http-server.ts'
import { type ServiceLogger, silentLogger } from '../process/logger.ts'
import { addMetrics } from '../process/metrics.ts'
import { addOperations, type OperationsOptions } from '../process/operations.ts'
import {
  predictionFacts,
  preloadFacts,
  ServiceParts,
  warmingFacts,
} from '../process/reporter-parts.ts'
import { shadowReads } from '../process/shadow-reads.ts'
import { addOpenApi } from './http/open-api.ts'
import { addRateLimit } from './http/rate-limit.ts'
import { readFromDatabaseAlone } from './http/read-headers.ts'
import { addPrediction, type PredictionSettings } from './prediction.ts'
import { addGroupRoutes } from './routes/groups.ts'
import { addLeaderRoutes, addWatchingRoutes } from './routes/leaders.ts'
import { addMarketRoutes } from './routes/markets.ts'
import { addPositionRoutes } from './routes/positions.ts'
import { addPriceRoutes } from './routes/prices.ts'
import { addSearchRoutes } from './routes/search.ts'
import { addTradingRoutes } from './routes/trading.ts'
import { addUserStatsRoutes } from './routes/user-stats.ts'
import { addUserRoutes } from './routes/users.ts'
import type { ApiServices } from './services.ts'
import { databaseSources } from './sources.ts'
import { addWarming } from './warming.ts'

export interface ApiOptions extends OperationsOptions {
  readonly databaseUrl: string
  /** Past a pooler, for migrations; the same as the above by default. */
  readonly databaseDirectUrl?: string | undefined
  readonly poolMax?: number
  /** Of one end user; 0, the default, is no limit. */
  readonly userRequestsPerMinute?: number
  /** False: every read is answered by the database; writes are announced all the same. */
  readonly isCached?: boolean
  readonly host?: string
  /** 0, the default, takes a free port. */
  readonly port?: number
  /** Opens `/metrics`. */
  readonly metricsToken?: string | undefined
  readonly breakers?: BreakerSettings | undefined
  /** Absent: nothing is loaded ahead of its readers. */
  readonly warming?: WarmingSettings | undefined
  /** Absent: nothing is predicted. It shares the budget of warming, and needs it. */
  readonly prediction?: PredictionSettings | undefined
  readonly log?: ServiceLogger
  /** For tests that hold a write before its commit. */
  readonly hooks?: WriteHooks
}

export interface Api {
  readonly url: string
  readonly cache: PolycoolCache
  close(): Promise<void>
}

export function openApi(options: ApiOptions): Promise<Api> {
  return openInSteps(async (closing) => {
    const log = options.log ?? silentLogger()
    await migrateAt(options.databaseDirectUrl ?? options.databaseUrl, log)
    const database = openDatabase({ ...options, log, closing })
    const search = new SearchCache(() => cache)
    const cache: PolycoolCache = await openCache(catalog, {
      service: 'api',
      redis: options.redisUrl,
      sources: databaseSources(database, search),
      shadowReads,
      log,
    })
    closing.add(() => cache.close())
    await clearWritten({ cache, log }, 'api')
    const app = createHttpServer(log)
    const parts = new ServiceParts(app, database.$client)
    addMetrics(app, { ...options, cache, closing, pool: database.$client, parts })
    const { adminToken, userRequestsPerMinute: requestsPerMinute = 0 } = options
    await addOpenApi(app)
    if (options.isCached === false) readFromDatabaseAlone(app)
    addRateLimit(app, { cache, adminToken, requestsPerMinute })
    addHealthRoute(app, { service: 'api', cache, adminToken, details: () => usedBy(database) })
    addDebugRoutes(app, adminToken, cache)
    addCacheRoutes(app, { service: 'api', cache, adminToken, breakers: options.breakers })
    addDatabaseRoute(app, adminToken, database)
    let warmer: Warmer | undefined
    if (options.warming !== undefined) {
      const facts = { cache, database, adminToken, settings: options.warming, log }
      const warming = addWarming(app, facts)
      warmer = warming.warmer
      closing.add(() => warming.close())
      parts.add(() => ({
        warming: warmingFacts(warming.warmer),
        preloading: warming.preloaded && preloadFacts(warming.preloaded),
      }))
      if (options.prediction !== undefined) {
        const settings = options.prediction
        const prediction = addPrediction(app, { warmer, settings, adminToken, log })
        closing.add(() => prediction.close())
        const { predictor } = prediction
        parts.add(() => ({ prediction: predictor && predictionFacts(predictor.report()) }))
      }
    }
    const transact = transactor(database, options.hooks)
    addRoutes(app, { cache, search, database, transact, log })
    await addOperations(app, { ...options, cache, closing, log, parts, warmer })
    closing.add(() => app.close())
    const url = await listen(app, options)
    return { url, cache, close: () => closing.close() }
  })
}

function addRoutes(app: TypedServer, services: ApiServices): void {
  addUserRoutes(app, services)
  addUserStatsRoutes(app, services)
  addSearchRoutes(app, services)
  addMarketRoutes(app, services)
  addGroupRoutes(app, services)
  addPriceRoutes(app, services)
  addPositionRoutes(app, services)
  addTradingRoutes(app, services)
  addLeaderRoutes(app, services)
  addWatchingRoutes(app, services)
}
