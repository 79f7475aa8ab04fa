/**
 * The services of the reference system: in which order they start, where they listen and what
 * each is told about the others. Pure: it starts nothing.
 */
import { portOffsets } from './ports.ts'

export type ServiceName =
  | 'upstream'
  | 'api'
  | 'products'
  | 'workers'
  | 'indexer'
  | 'telegram'
  | 'bot'

/** Groups start one after the other, the services of a group together; the end is the reverse. */
export const startOrder: readonly (readonly ServiceName[])[] = [
  ['upstream'],
  ['api'],
  ['products', 'workers', 'indexer', 'telegram'],
  ['bot'],
]

export interface PlanFacts {
  readonly portBase: number
  readonly redisUrl: string
  readonly databaseUrl: string
  readonly adminToken: string
  /** Of whoever scrapes. */
  readonly metricsToken: string
  /** A token of the real Bot API; without one the local server is used. */
  readonly botToken: string | undefined
  /** Where the real Bot API is. */
  readonly botApiRoot: string
  /** What the launcher itself was given (PATH, UPSTREAM_DATA, REPLAY_SPEED, LOG_LEVEL …). */
  readonly inherited: Readonly<Record<string, string | undefined>>
}

const localBotToken = '4100:local'
// These are ours to give; what the launcher was given must not reach a service by accident.
const ownNames = new Set([
  'PORT',
  'HOST',
  'REDIS_URL',
  'DATABASE_URL',
  'ADMIN_TOKEN',
  'METRICS_TOKEN',
  'PORT_BASE',
])
const logLevelDefault = 'warn'
const withoutDatabase: ReadonlySet<ServiceName> = new Set(['bot', 'telegram'])

export function portOf(name: ServiceName, portBase: number): number {
  return portBase + portOffsets[name]
}

export function urlOf(name: ServiceName, portBase: number): string {
  return `http://127.0.0.1:${portOf(name, portBase)}`
}

/** Which services run: the local Bot API server only where no real token is given. */
export function isWanted(
  name: ServiceName,
  facts: { readonly botToken?: string | undefined },
): boolean {
  return name !== 'telegram' || facts.botToken === undefined
}

/** The whole environment of one service. The bot and the chat know no database. */
export function environmentOf(name: ServiceName, facts: PlanFacts): Record<string, string> {
  const { portBase, botToken } = facts
  const environment: Record<string, string> = { LOG_LEVEL: logLevelDefault }
  for (const [variable, value] of Object.entries(facts.inherited)) {
    if (value !== undefined && !ownNames.has(variable)) environment[variable] = value
  }
  Object.assign(environment, {
    PORT: String(portOf(name, portBase)),
    HOST: '127.0.0.1',
    REDIS_URL: facts.redisUrl,
    API_URL: urlOf('api', portBase),
    UPSTREAM_URL: urlOf('upstream', portBase),
    UPSTREAM_WS_URL: `${urlOf('upstream', portBase).replace('http:', 'ws:')}/ws/market`,
    TELEGRAM_API_ROOT: botToken === undefined ? urlOf('telegram', portBase) : facts.botApiRoot,
    TELEGRAM_BOT_TOKEN: botToken ?? localBotToken,
    ADMIN_TOKEN: facts.adminToken,
    METRICS_TOKEN: facts.metricsToken,
  })
  if (!withoutDatabase.has(name)) environment.DATABASE_URL = facts.databaseUrl
  return environment
}
