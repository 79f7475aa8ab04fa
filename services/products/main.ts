/** The Products Manager as a process. */
import { operationsIn } from '../process/environment.ts'
import { openLogger } from '../process/logger.ts'
import { runService } from '../process/shutdown.ts'
import { productsEnvironment } from './environment.ts'
import { openProducts } from './server.ts'

const environment = productsEnvironment()
const log = openLogger('products', environment.LOG_LEVEL)

await runService(log, () =>
  openProducts({
    databaseUrl: environment.DATABASE_URL,
    databaseDirectUrl: environment.DATABASE_DIRECT_URL,
    poolMax: environment.DATABASE_POOL_MAX,
    redisUrl: environment.REDIS_URL,
    defaultTtlMs: environment.REDIS_CACHE_TTL * 1_000,
    host: environment.HOST,
    port: environment.PORT,
    ...operationsIn(environment),
    metricsToken: environment.METRICS_TOKEN,
    log,
  }),
)
