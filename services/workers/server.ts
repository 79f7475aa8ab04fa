/**
 * The workers: prices and markets come in, open positions follow, leaders' trades are copied.
 * Their cache has one source, which says what market a condition belongs to: they write the
 * database and tell the others what changed.
 */
import { openCache } from 'staleproof'
import type { BreakerSettings } from '../caches/breakers.ts'
import { type MarketDataSettings, marketDataDefaults } from '../caches/market-data-layer.ts'
import { openDatabase } from '../database/connection.ts'
import { transactor } from '../database/transact.ts'
import { addDatabaseRoute, usedBy } from '../database/use-route.ts'
import { catalog } from '../domain/catalog.ts'
import type { PolycoolCache } from '../domain/writes.ts'
import { addCacheRoutes } from '../process/cache-routes.ts'
import { clearWritten } from '../process/clean-start.ts'
import { openInSteps } from '../process/closing.ts'
import { addDebugRoutes } from '../process/debug-routes.ts'
import { addHealthRoute } from '../process/health.ts'
import { createHttpServer, listen } from '../process/http-server.ts'
import { type ServiceLogger, silentLogger } from '../process/logger.ts'
import { addMetrics } from '../process/metrics.ts'
import { addOperations, type OperationsOptions } from '../process/operations.ts'
import { liveDataFacts, ServiceParts } from '../process/reporter-parts.ts'
import { shadowReads } from '../process/shadow-reads.ts'
import { addControlRoutes } from './control-routes.ts'
import { openCopyListener } from './copy-listener.ts'
import { openIngestion } from './ingestion.ts'
import { LimitWatch } from './limit-watch.ts'
import { openPositionUpdater } from './position-updater.ts'
import { marketIdsByConditions } from './repositories/market-reads.ts'
import { addSourceRoutes } from './source-routes.ts'
import { TradingClient } from './trading-client.ts'

export interface WorkersOptions extends OperationsOptions {
  readonly databaseUrl: string
  readonly poolMax?: number
  readonly apiUrl: string
  readonly upstreamUrl: string
  readonly upstreamWsUrl: string
  readonly positionDebounceMs?: number
  readonly priceBatchMs?: number
  readonly marketImportMs?: number
  readonly marketData?: MarketDataSettings
  readonly host?: string
  readonly port?: number
  /** Opens `/metrics`. */
  readonly metricsToken?: string | undefined
  readonly breakers?: BreakerSettings | undefined
  readonly log?: ServiceLogger
}

export interface Workers {
  readonly url: string
  readonly cache: PolycoolCache
  close(): Promise<void>
}

export function openWorkers(options: WorkersOptions): Promise<Workers> {
  return openInSteps(async (closing) => {
    const log = options.log ?? silentLogger()
    const database = openDatabase({ ...options, log, closing })
    const many = (ids: readonly string[]) => marketIdsByConditions(database, ids)
    const cache = await openCache(catalog, {
      service: 'workers',
      redis: options.redisUrl,
      shadowReads,
      log,
      sources: { marketByCondition: { many, dependency: 'database' } },
    })
    closing.add(() => cache.close())
    await clearWritten({ cache, log }, 'workers')
    const trading = new TradingClient(options.apiUrl, options.adminToken)
    const shared = { cache, transact: transactor(database), log }
    const limits = new LimitWatch({ database, trading, log })
    closing.add(() => limits.close())
    const positionUpdater = openPositionUpdater({
      ...shared,
      delayMs: options.positionDebounceMs ?? 15_000,
      onRepriced: () => limits.wake(),
    })
    closing.add(() => positionUpdater.close())
    const ingestion = openIngestion({
      ...shared,
      database,
      upstreamUrl: options.upstreamUrl,
      upstreamWsUrl: options.upstreamWsUrl,
      priceBatchMs: options.priceBatchMs ?? 200,
      marketImportMs: options.marketImportMs ?? 300_000,
      marketData: options.marketData ?? marketDataDefaults,
      onPrices: (marketIds) => positionUpdater.add(marketIds),
    })
    closing.add(() => ingestion.close())
    const copies = openCopyListener({ database, trading, log }, options.redisUrl)
    closing.add(() => copies.close())
    const app = createHttpServer(log)
    const parts = new ServiceParts(app, database.$client)
    parts.add(() => ({ liveData: { quotes: liveDataFacts(ingestion.marketData) } }))
    addMetrics(app, { ...options, cache, closing, pool: database.$client, parts })
    const details = () => ({ ...ingestion.status(), ...usedBy(database) })
    addHealthRoute(app, { ...options, service: 'workers', cache, details })
    addDebugRoutes(app, options.adminToken, cache)
    addCacheRoutes(app, { ...options, service: 'workers', cache })
    addDatabaseRoute(app, options.adminToken, database)
    addControlRoutes(app, options.adminToken, positionUpdater)
    addSourceRoutes(app, options.adminToken, ingestion.marketData)
    await addOperations(app, { ...options, cache, closing, log, parts })
    closing.add(() => app.close())
    const url = await listen(app, options)
    return { url, cache, close: () => closing.close() }
  })
}
