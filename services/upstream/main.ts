// The market-data provider as a process of its own.
import { openLogger } from '../process/logger.ts'
import { runService } from '../process/shutdown.ts'
import { upstreamEnvironment } from './environment.ts'
import { openUpstream } from './server.ts'

const environment = upstreamEnvironment()
const log = openLogger('upstream', environment.LOG_LEVEL)

await runService(log, () =>
  openUpstream({
    port: environment.PORT,
    host: environment.HOST,
    adminToken: environment.ADMIN_TOKEN,
    metricsToken: environment.METRICS_TOKEN,
    replaySpeed: environment.REPLAY_SPEED,
    dataFolder: environment.UPSTREAM_DATA,
    log,
  }),
)
