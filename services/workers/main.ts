/** The workers as a process. */
import { operationsIn } from '../process/environment.ts'
import { openLogger } from '../process/logger.ts'
import { runService } from '../process/shutdown.ts'
import { workersEnvironment } from './environment.ts'
import { openWorkers } from './server.ts'

const environment = workersEnvironment()
const log = openLogger('workers', environment.LOG_LEVEL)

await runService(log, () =>
  openWorkers({
    databaseUrl: environment.DATABASE_URL,
    poolMax: environment.DATABASE_POOL_MAX,
    redisUrl: environment.REDIS_URL,
    apiUrl: environment.API_URL,
    upstreamUrl: environment.UPSTREAM_URL,
    upstreamWsUrl: environment.UPSTREAM_WS_URL,
    positionDebounceMs: environment.POSITION_DEBOUNCE_MS,
    priceBatchMs: environment.PRICE_BATCH_MS,
    marketImportMs: environment.MARKET_IMPORT_MS,
    marketData: {
      enabled: environment.QUOTE_SOURCES,
      streamSilentMs: environment.STREAM_SILENT_MS,
      fallMs: environment.SOURCE_FALL_MS,
      returnMs: environment.SOURCE_RETURN_MS,
      pollMs: environment.QUOTE_POLL_MS,
    },
    host: environment.HOST,
    port: environment.PORT,
    ...operationsIn(environment),
    metricsToken: environment.METRICS_TOKEN,
    breakers: environment.BREAKERS,
    log,
  }),
)
