/**
 * The Products Manager: products, their pictures, imports, marketplace numbers and a dashboard,
 * read through a cache with a catalog of its own. Tests open it in their own process; `main.ts`
 * opens it as one.
 */
import { openCache } from 'staleproof'
import { type Database, openDatabase } from '../database/connection.ts'
import { migrateAt } from '../database/migrate.ts'
import { transactor, type WriteHooks } from '../database/transact.ts'
import { type Closing, openInSteps } from '../process/closing.ts'
import { addDebugRoutes } from '../process/debug-routes.ts'
import { addHealthRoute } from '../process/health.ts'
import { createHttpServer, listen, type TypedServer } from '../process/http-server.ts'
import { type ServiceLogger, silentLogger } from '../process/logger.ts'
import { addMetrics } from '../process/metrics.ts'
import { addOperations, type OperationsOptions } from '../process/operations.ts'
import { ServiceParts, warmingFacts } from '../process/reporter-parts.ts'
import { shadowReads } from '../process/shadow-reads.ts'
import { openCacheService } from './cache-service.ts'
import { type ProductsCache, productsCatalog } from './catalog.ts'
import { ImportRunner } from './import-runner.ts'
import { productsMigrations } from './migrations/index.ts'
import { openOutbox } from './outbox.ts'
import { addAnalyticsRoutes, addSettingsRoute } from './routes/analytics.ts'
import { addCacheClearRoute, addCacheDomainRoutes } from './routes/cache-administration.ts'
import { addCode2AsinRoutes } from './routes/code2asin.ts'
import { addHomeRoute } from './routes/home.ts'
import { addImportRoutes } from './routes/imports.ts'
import { addMediaRoutes } from './routes/media.ts'
import { addProductChangeRoutes, addProductRoutes } from './routes/products.ts'
import type { ProductsServices } from './services.ts'
import { productsSources } from './sources.ts'
import { openWarming } from './warming.ts'

export interface ProductsOptions extends OperationsOptions {
  readonly databaseUrl: string
  /** Past a pooler, for migrations and the outbox; the same by default. */
  readonly databaseDirectUrl?: string | undefined
  readonly poolMax?: number
  /** How long values of the domain `default` live. */
  readonly defaultTtlMs?: number
  readonly host?: string
  /** 0, the default, takes a free port. */
  readonly port?: number
  /** Opens `/metrics`. */
  readonly metricsToken?: string | undefined
  readonly log?: ServiceLogger
  /** For tests that hold a write before its commit. */
  readonly hooks?: WriteHooks
}

export interface Products {
  readonly url: string
  readonly services: ProductsServices
  close(): Promise<void>
}

export function openProducts(options: ProductsOptions): Promise<Products> {
  return openInSteps(async (closing) => {
    const log = options.log ?? silentLogger()
    const directUrl = options.databaseDirectUrl ?? options.databaseUrl
    await migrateAt(directUrl, log, productsMigrations)
    const database = openDatabase({ ...options, log, closing })
    const services = await openServices({ ...options, log }, database, closing)
    const { cache } = services
    const relay = await openOutbox({ databaseUrl: directUrl, cache, log })
    closing.add(() => relay.close())
    const runner = new ImportRunner(services)
    closing.add(() => runner.close())
    const warmer = openWarming({ cache, log })
    closing.add(() => warmer.close())
    const app = createHttpServer(log)
    const parts = new ServiceParts(app, database.$client)
    parts.add(() => ({ warming: warmingFacts(warmer) }))
    addMetrics(app, { ...options, cache, closing, pool: database.$client, parts })
    const details = () => ({ outbox: outboxOf(relay.status()) })
    addHealthRoute(app, { ...options, service: 'products', cache, details })
    addDebugRoutes(app, options.adminToken, cache)
    addImportRoutes(app, services, runner)
    addCacheDomainRoutes(app, services, warmer)
    addRoutes(app, services, options.adminToken)
    await addOperations(app, { ...options, cache, closing, log, parts, warmer })
    closing.add(() => app.close())
    const url = await listen(app, options)
    return { url, services, close: () => closing.close() }
  })
}

async function openServices(
  { redisUrl, defaultTtlMs, hooks, log }: ProductsOptions & { readonly log: ServiceLogger },
  database: Database,
  closing: Closing,
): Promise<ProductsServices> {
  const catalog = productsCatalog(defaultTtlMs)
  const cache: ProductsCache = await openCache(catalog, {
    service: 'products',
    redis: redisUrl,
    sources: productsSources(database),
    shadowReads,
    log,
  })
  closing.add(() => cache.close())
  const caches = openCacheService(cache, catalog)
  return { cache, catalog, caches, database, transact: transactor(database, hooks), log }
}

function addRoutes(
  app: TypedServer,
  services: ProductsServices,
  adminToken: string | undefined,
): void {
  addHomeRoute(app)
  addProductRoutes(app, services)
  addProductChangeRoutes(app, services)
  addMediaRoutes(app, services)
  addCode2AsinRoutes(app, services)
  addAnalyticsRoutes(app, services)
  addSettingsRoute(app, services, adminToken)
  addCacheClearRoute(app, services, adminToken)
}

function outboxOf({ state, lag }: { readonly state: string; readonly lag: unknown }): object {
  return { state, lag }
}
