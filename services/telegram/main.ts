// The local Bot API server as a process of its own.
import { openLogger } from '../process/logger.ts'
import { runService } from '../process/shutdown.ts'
import { telegramEnvironment } from './environment.ts'
import { openTelegram } from './server.ts'

const environment = telegramEnvironment()
const log = openLogger('telegram', environment.LOG_LEVEL)

await runService(log, () =>
  openTelegram({
    port: environment.PORT,
    host: environment.HOST,
    adminToken: environment.ADMIN_TOKEN,
    metricsToken: environment.METRICS_TOKEN,
    botToken: environment.TELEGRAM_BOT_TOKEN,
    log,
  }),
)
