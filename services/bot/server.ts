/**
 * The Telegram bot: no database, reads through its own cache and the API, writes through the API.
 * What it shows is kept current by the services that commit; here is only reading.
 */
import { Bot } from 'grammy'
import { openCache } from 'staleproof'
import type { BreakerSettings } from '../caches/breakers.ts'
import { catalog } from '../domain/catalog.ts'
import type { PolycoolCache } from '../domain/writes.ts'
import { addCacheRoutes } from '../process/cache-routes.ts'
import { openInSteps } from '../process/closing.ts'
import { addDebugRoutes } from '../process/debug-routes.ts'
import { addHealthRoute } from '../process/health.ts'
import { createHttpServer, listen } from '../process/http-server.ts'
import { type ServiceLogger, silentLogger } from '../process/logger.ts'
import { addMetrics } from '../process/metrics.ts'
import { addOperations, type OperationsOptions } from '../process/operations.ts'
import { ServiceParts } from '../process/reporter-parts.ts'
import { shadowReads } from '../process/shadow-reads.ts'
import { ApiClient } from './api-client.ts'
import { apiSources } from './api-sources.ts'
import { addButtons, addCommands } from './commands.ts'
import { openPolling } from './polling.ts'
import { Receipts } from './receipts.ts'

export interface BotOptions extends OperationsOptions {
  readonly apiUrl: string
  readonly botToken: string
  readonly telegramApiRoot: string
  readonly host?: string
  readonly port?: number
  /** Opens `/metrics`. */
  readonly metricsToken?: string | undefined
  readonly breakers?: BreakerSettings | undefined
  /** Of one trader; 0, the default, is no limit. */
  readonly userRequestsPerMinute?: number
  readonly log?: ServiceLogger
}

export interface RunningBot {
  readonly url: string
  readonly cache: PolycoolCache
  readonly client: ApiClient
  close(): Promise<void>
}

export function openBot(options: BotOptions): Promise<RunningBot> {
  const { apiUrl, redisUrl: redis, botToken, telegramApiRoot: apiRoot, adminToken } = options
  return openInSteps(async (closing) => {
    const log = options.log ?? silentLogger()
    const sources = apiSources(apiUrl, adminToken)
    const cache = await openCache(catalog, { service: 'bot', redis, sources, shadowReads, log })
    closing.add(() => cache.close())
    const client = new ApiClient({ ...options, cache, receipts: new Receipts() })
    const app = createHttpServer(log)
    const parts = new ServiceParts(app)
    addMetrics(app, { ...options, cache, closing, parts })
    addHealthRoute(app, { service: 'bot', cache, adminToken })
    addDebugRoutes(app, adminToken, cache)
    addCacheRoutes(app, { ...options, service: 'bot', cache })
    await addOperations(app, { ...options, cache, closing, log, parts })
    closing.add(() => app.close())
    const url = await listen(app, options)
    const bot = new Bot(botToken, { client: { apiRoot } })
    addCommands(bot, client)
    addButtons(bot, client)
    const polling = openPolling(bot, log)
    closing.add(() => polling.close())
    return { url, cache, client, close: () => closing.close() }
  })
}
