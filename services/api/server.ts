/**
 * The API: owns PostgreSQL, answers reads through its cache, and invalidates after every commit.
 * Tests open it in their own process; `main.ts` opens it as one.
 */
import { openCache } from 'staleproof'
import { openDatabase } from '../database/connection.ts'
import { migrate } from '../database/migrate.ts'
import { transactor, type WriteHooks } from '../database/transact.ts'
import { catalog } from '../domain/catalog.ts'
import type { PolycoolCache } from '../domain/writes.ts'
import { openInSteps } from '../process/closing.ts'
import { addDebugRoutes } from '../process/debug-routes.ts'
import {
  addHealthRoute,
  createHttpServer,
  listen,
  type TypedServer,
} from '../process/http-server.ts'
import { type ServiceLogger, silentLogger } from '../process/logger.ts'
import { addLeaderRoutes, addWatchingRoutes } from './routes/leaders.ts'
import { addMarketRoutes } from './routes/markets.ts'
import { addPositionRoutes } from './routes/positions.ts'
import { addPriceRoutes } from './routes/prices.ts'
import { addTradingRoutes } from './routes/trading.ts'
import { addUserRoutes } from './routes/users.ts'
import type { ApiServices } from './services.ts'
import { databaseSources } from './sources.ts'

export interface ApiOptions {
  readonly databaseUrl: string
  readonly poolMax?: number
  /** Absent: the cache is embedded, this process only. */
  readonly redisUrl?: string | undefined
  readonly host?: string
  /** 0, the default, takes a free port. */
  readonly port?: number
  /** Opens the debug routes. */
  readonly adminToken?: string | undefined
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
    const database = openDatabase({ ...options, log, closing })
    await migrate(database)
    const cache = await openCache(catalog, {
      service: 'api',
      redis: options.redisUrl,
      sources: databaseSources(database),
      log,
    })
    closing.add(() => cache.close())
    const app = createHttpServer(log)
    addHealthRoute(app, { service: 'api', cache })
    addDebugRoutes(app, options.adminToken, cache)
    addRoutes(app, { cache, database, transact: transactor(database, options.hooks), log })
    closing.add(() => app.close())
    const url = await listen(app, options)
    return { url, cache, close: () => closing.close() }
  })
}

function addRoutes(app: TypedServer, services: ApiServices): void {
  addUserRoutes(app, services)
  addMarketRoutes(app, services)
  addPriceRoutes(app, services)
  addPositionRoutes(app, services)
  addTradingRoutes(app, services)
  addLeaderRoutes(app, services)
  addWatchingRoutes(app, services)
}
