/** What a fault is, and what it may be done to. */
import type { Redis } from 'ioredis'
import type { HistoryRecord } from '../../../testing/index.ts'
import type { Fleet } from '../fleet.ts'
import type { OwnServers } from '../own-servers.ts'
import type { RegisterDatabase } from '../register-database.ts'
import type { Target } from '../target.ts'

export interface World {
  readonly fleet: Fleet
  readonly database: RegisterDatabase
  readonly target: Target
  /** Undefined: the server is somebody else's. */
  readonly servers: OwnServers | undefined
  /** Names of keys on the server that are ours. */
  readonly namespace: string
  readonly write: (record: HistoryRecord) => void
  /** Past all proxies, to the primary. */
  readonly admin: () => Promise<Redis>
}

export interface Fault {
  readonly name: string
  /** Why it can't be done here; undefined: it can. */
  readonly obstacle?: (world: World) => string | undefined
  /** Resolves when the worst is over. What it holds, delays and stops, the nemesis heals. */
  readonly run: (world: World) => Promise<void>
}

/** Thrown by a fault that finds only when it runs that it can't. */
export class Impossible extends Error {}
