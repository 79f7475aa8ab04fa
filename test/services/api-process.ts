/**
 * The real API as a process of its own, run from source, that can be frozen: what a long
 * collection of garbage or a swapped-out container looks like to the other services.
 */
import { fileURLToPath } from 'node:url'
import { freePort } from '../../services/launcher/ports.ts'
import { sendSignal } from '../../services/launcher/process-identity.ts'
import { RunRecord } from '../../services/launcher/run-record.ts'
import { ServiceProcess } from '../../services/launcher/service-process.ts'
import { typescriptArguments } from '../servers/processes.ts'
import { runFolder } from '../servers/run-folder.ts'

export interface ApiProcess {
  readonly url: string
  /** SIGSTOP: connections stay open and nothing is answered. */
  freeze(): void
  /** SIGCONT. */
  resume(): void
  stop(): Promise<void>
}

export interface ApiProcessOptions {
  readonly redisUrl: string
  readonly databaseUrl: string
  readonly adminToken: string
}

const mainModule = fileURLToPath(new URL('../../services/api/main.ts', import.meta.url))
const startDeadlineMs = 30_000

/** Resolves once it answers; its tables are there then. */
export async function startApiProcess(options: ApiProcessOptions): Promise<ApiProcess> {
  const port = await freePort()
  const record = new RunRecord(runFolder)
  const service = await ServiceProcess.start({
    name: 'api',
    module: mainModule,
    port,
    environment: {
      PORT: String(port),
      REDIS_URL: options.redisUrl,
      DATABASE_URL: options.databaseUrl,
      ADMIN_TOKEN: options.adminToken,
      USER_REQUESTS_PER_MINUTE: '0',
      LOG_LEVEL: 'warn',
    },
    nodeArguments: typescriptArguments,
    record,
    onLine: () => {},
  })
  const stop = async () => {
    await service.stop()
    record.close()
  }
  try {
    await service.ready(AbortSignal.timeout(startDeadlineMs))
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url: service.url,
    freeze: () => void sendSignal(service.pid, 'SIGSTOP'),
    resume: () => void sendSignal(service.pid, 'SIGCONT'),
    stop,
  }
}
