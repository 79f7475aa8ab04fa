/** The bot as a process. */
import { operationsIn } from '../process/environment.ts'
import { openLogger } from '../process/logger.ts'
import { runService } from '../process/shutdown.ts'
import { botEnvironment } from './environment.ts'
import { openBot } from './server.ts'

const environment = botEnvironment()
const log = openLogger('bot', environment.LOG_LEVEL)

await runService(log, () =>
  openBot({
    apiUrl: environment.API_URL,
    redisUrl: environment.REDIS_URL,
    botToken: environment.TELEGRAM_BOT_TOKEN,
    telegramApiRoot: environment.TELEGRAM_API_ROOT,
    host: environment.HOST,
    port: environment.PORT,
    ...operationsIn(environment),
    metricsToken: environment.METRICS_TOKEN,
    breakers: environment.BREAKERS,
    userRequestsPerMinute: environment.USER_REQUESTS_PER_MINUTE,
    log,
  }),
)
