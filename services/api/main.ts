/** The API as a process. */
import { operationsIn } from '../process/environment.ts'
import { openLogger } from '../process/logger.ts'
import { runService } from '../process/shutdown.ts'
import { apiEnvironment, predictionIn, warmingIn } from './environment.ts'
import { openApi } from './server.ts'

const environment = apiEnvironment()
const log = openLogger('api', environment.LOG_LEVEL)

await runService(log, () =>
  openApi({
    databaseUrl: environment.DATABASE_URL,
    databaseDirectUrl: environment.DATABASE_DIRECT_URL,
    poolMax: environment.DATABASE_POOL_MAX,
    userRequestsPerMinute: environment.USER_REQUESTS_PER_MINUTE,
    isCached: environment.CACHE === 'on',
    redisUrl: environment.REDIS_URL,
    host: environment.HOST,
    port: environment.PORT,
    ...operationsIn(environment),
    metricsToken: environment.METRICS_TOKEN,
    breakers: environment.BREAKERS,
    warming: warmingIn(environment),
    prediction: predictionIn(environment),
    log,
  }),
)
