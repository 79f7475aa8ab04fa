/**
 * Runs one service as a process: opens it, announces its address, and closes it once on SIGTERM or
 * SIGINT. A second signal, or a close that takes too long, ends the process hard.
 */
import type { ServiceLogger } from './logger.ts'

export interface RunningService {
  readonly url: string
  close(): Promise<void>
}

const closeDeadlineMs = 4_000

export async function runService(
  log: ServiceLogger,
  open: () => Promise<RunningService>,
): Promise<void> {
  try {
    const service = await open()
    log.info({ url: service.url }, 'listening')
    closeOnSignal(log, service)
  } catch (error) {
    log.fatal({ err: error }, 'could not start')
    process.exitCode = 1
    // Something half open may hold the process; it has nothing to do here any more.
    setTimeout(() => process.exit(1), closeDeadlineMs).unref()
  }
}

function closeOnSignal(log: ServiceLogger, service: RunningService): void {
  let isClosing = false
  const onSignal = (signal: NodeJS.Signals) => {
    if (isClosing) process.exit(130)
    isClosing = true
    log.info({ signal }, 'closing')
    setTimeout(() => process.exit(1), closeDeadlineMs).unref()
    service.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'could not close in order')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}
