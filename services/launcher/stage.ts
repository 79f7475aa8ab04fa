/**
 * A stage is the whole reference system, running: Redis, PostgreSQL and every service in a
 * process of its own. `npm start` opens one, and so does whoever wants to test it.
 */

import type { ServiceName } from './service-plan.ts'
import { StageBuilding } from './stage-building.ts'

/** A line of a part of the stage; `launcher` tells of the stage itself. */
export interface StageLine {
  readonly from: string
  readonly text: string
}

export interface StageOptions {
  /** The port of the API; the others follow from it. 4100 by default. */
  readonly portBase?: number
  readonly redisUrl?: string | undefined
  readonly databaseUrl?: string | undefined
  /**
   * The database, made when missing. By default the one that `databaseUrl` names, or
   * `staleproof` on a server of our own.
   */
  readonly databaseName?: string
  /** Whether the named database is dropped at the end; kept by default. */
  readonly dropsDatabase?: boolean
  /** Random by default. */
  readonly adminToken?: string | undefined
  /** Of whoever scrapes `/metrics`. Random by default. */
  readonly metricsToken?: string | undefined
  /** A token of the real Bot API; with it the local one is not started. */
  readonly botToken?: string | undefined
  readonly botApiRoot?: string | undefined
  /** What services inherit, by default our own; in its `PATH` a native Redis is searched. */
  readonly inherited?: Readonly<Record<string, string | undefined>>
  /** Data of PostgreSQL and the record of runs; `.data` of the package by default. */
  readonly dataFolder?: string | undefined
  /** A folder with `<name>/main.js` for each service; the launcher's own by default. */
  readonly serviceFolder?: string | undefined
  /** Arguments for every Node child, as a loader for TypeScript. */
  readonly nodeArguments?: readonly string[]
  readonly onLine?: (line: StageLine) => void
  /** Aborting it ends a start under way, in order; a stage that is open it leaves alone. */
  readonly signal?: AbortSignal
  /** Aborting it kills everything at once, at any time. */
  readonly killSignal?: AbortSignal
}

/** Our own Redis can be made to fail; for one given from outside all but the URL is absent. */
export interface StageRedis {
  readonly url: string
  readonly description: string
  readonly pid?: number | undefined
  readonly freeze?: () => void
  readonly resume?: () => void
  readonly kill?: () => Promise<void>
  readonly restart?: () => Promise<void>
}

/** Base URLs; `telegram` is absent where a real Bot API is used. */
export type StageUrls = Readonly<
  Record<Exclude<ServiceName, 'telegram'>, string> & { telegram?: string }
>

export interface Stage {
  readonly urls: StageUrls
  /** Process ids of the services that run; one that ended by itself gets another. */
  readonly pids: ReadonlyMap<ServiceName, number>
  readonly redis: StageRedis
  readonly databaseUrl: string
  readonly databaseDescription: string
  readonly adminToken: string
  readonly metricsToken: string
  /** Resolves with the reason when a part ended unasked, and could not be brought back. */
  readonly lost: Promise<string>
  /** Ends everything, in reverse order, each part with a deadline; idempotent. */
  close(): Promise<void>
}

/** Opens a stage; rejects, with nothing left behind, when a part can't be started. */
export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const building = new StageBuilding(options)
  try {
    return await building.open()
  } catch (error) {
    await building.close()
    throw error
  }
}
