/** The system under load: one that is started for it, or one that runs somewhere. */
import { ownEnvironment, readSettings, type Settings } from '../launcher/environment.ts'
import type { StageOptions } from '../launcher/stage.ts'
import { openStage, type Stage } from '../launcher/stage.ts'

/** What is known of it; what is not can't be measured. */
export interface System {
  readonly apiUrl: string
  readonly adminToken: string | undefined
  readonly upstreamUrl: string | undefined
  readonly databaseUrl: string | undefined
  readonly redisUrl: string | undefined
  /** The process of the API, where it is on this machine. */
  readonly apiPid: number | undefined
  close(): Promise<void>
}

export interface SystemOptions {
  readonly isCached: boolean
  readonly stage?: StageOptions | undefined
  readonly onLine?: ((text: string) => void) | undefined
}

const databaseName = 'staleproof_load'

/** Every part in a process of its own, as by `npm start`, with an empty database. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const settings = readSettings(ownEnvironment(), [])
  const inherited = { ...ownEnvironment(), ...options.stage?.inherited, ...loadSettings(options) }
  const stage = await openStage({
    ...launching(settings),
    databaseName,
    dropsDatabase: true,
    ...options.stage,
    inherited,
    onLine: ({ from, text }) => {
      if (from === 'launcher') options.onLine?.(text)
    },
  })
  return systemOf(stage)
}

/** One that runs: its addresses and secrets are in the environment, as for its services. */
export function runningSystem(apiUrl: string): System {
  const { ADMIN_TOKEN, UPSTREAM_URL, DATABASE_URL, REDIS_URL } = ownEnvironment()
  return {
    apiUrl,
    adminToken: ADMIN_TOKEN,
    upstreamUrl: UPSTREAM_URL,
    databaseUrl: DATABASE_URL,
    redisUrl: REDIS_URL,
    apiPid: undefined,
    close: async () => {},
  }
}

/** One popular user alone asks for more than a person is allowed. */
function loadSettings({ isCached }: SystemOptions): Record<string, string> {
  return { USER_REQUESTS_PER_MINUTE: '0', CACHE: isCached ? 'on' : 'off' }
}

function launching(settings: Settings): StageOptions {
  const { portBase, redisUrl, databaseUrl, dataFolder, serviceFolder, nodeArguments } = settings
  return { portBase, redisUrl, databaseUrl, dataFolder, serviceFolder, nodeArguments }
}

function systemOf(stage: Stage): System {
  return {
    apiUrl: stage.urls.api,
    adminToken: stage.adminToken,
    upstreamUrl: stage.urls.upstream,
    databaseUrl: stage.databaseUrl,
    redisUrl: stage.redis.url,
    apiPid: stage.pids.get('api'),
    close: () => stage.close(),
  }
}
