/** The indexer as a process. */
import { operationsIn } from '../process/environment.ts'
import { openLogger } from '../process/logger.ts'
import { runService } from '../process/shutdown.ts'
import { indexerEnvironment } from './environment.ts'
import { openIndexer } from './server.ts'

const environment = indexerEnvironment()
const log = openLogger('indexer', environment.LOG_LEVEL)

await runService(log, () =>
  openIndexer({
    databaseUrl: environment.DATABASE_URL,
    poolMax: environment.DATABASE_POOL_MAX,
    redisUrl: environment.REDIS_URL,
    apiUrl: environment.API_URL,
    upstreamUrl: environment.UPSTREAM_URL,
    pollMs: environment.INDEXER_POLL_MS,
    host: environment.HOST,
    port: environment.PORT,
    ...operationsIn(environment),
    metricsToken: environment.METRICS_TOKEN,
    breakers: environment.BREAKERS,
    log,
  }),
)
