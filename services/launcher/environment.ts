/** The one place where the launcher reads its environment and its arguments. */
import { parsePortBase } from './ports.ts'

export interface Settings {
  readonly portBase: number
  readonly redisUrl: string | undefined
  readonly databaseUrl: string | undefined
  readonly adminToken: string | undefined
  readonly metricsToken: string | undefined
  readonly botToken: string | undefined
  readonly botApiRoot: string | undefined
  /** Where data lives; `.data` of the package by default. */
  readonly dataFolder: string | undefined
  /** Other services than the launcher's own. */
  readonly serviceFolder: string | undefined
  /** Node options of the launcher itself: run from source by a loader, its children are too. */
  readonly nodeArguments: readonly string[]
  /** `--tour`: drive the system, check it, end. */
  readonly isTour: boolean
  /** Redis and PostgreSQL talk much; they are shown at the log levels that ask for detail. */
  readonly showsServerLogs: boolean
  /** npm puts a shell between itself and us that does not pass signals on. */
  readonly isStartedByNpm: boolean
  readonly inherited: Readonly<Record<string, string | undefined>>
}

/** Throws a message for people when a variable or an argument can't be used. */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
  args: readonly string[],
): Settings {
  const unknown = args.find((argument) => argument !== '--tour')
  if (unknown !== undefined) throw new Error(`unknown argument "${unknown}"; there is --tour`)
  return {
    portBase: parsePortBase(environment.PORT_BASE),
    redisUrl: filled(environment.REDIS_URL),
    databaseUrl: filled(environment.DATABASE_URL),
    adminToken: filled(environment.ADMIN_TOKEN),
    metricsToken: filled(environment.METRICS_TOKEN),
    botToken: filled(environment.TELEGRAM_BOT_TOKEN),
    botApiRoot: filled(environment.TELEGRAM_API_ROOT),
    dataFolder: filled(environment.DATA_FOLDER),
    serviceFolder: filled(environment.SERVICE_FOLDER),
    nodeArguments: process.execArgv,
    isTour: args.includes('--tour'),
    showsServerLogs: ['debug', 'info'].includes(environment.LOG_LEVEL ?? ''),
    isStartedByNpm: environment.npm_lifecycle_event !== undefined,
    inherited: environment,
  }
}

/** What services inherit where nothing else is said. */
export function ownEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env
}

/** An empty variable counts as one that is not set. */
function filled(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}
