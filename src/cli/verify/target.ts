/** What is verified: a given server, or servers of our own. */
import type { Redis } from 'ioredis'
import type { RedisProxy } from '../../testing/index.ts'
import type { WorkerRedis } from './worker-calls.ts'

export interface ServerAddress {
  readonly host: string
  readonly port: number
}

export interface Target {
  /** Servers that workers connect to, each through a proxy of its own for every worker. */
  readonly servers: readonly ServerAddress[]
  /** For people. */
  readonly description: string
  /** False: the proxies see only encrypted bytes. */
  readonly isReadable: boolean
  /** What a worker opens its cache with, so that it goes through these proxies. */
  redisThrough(proxies: readonly RedisProxy[]): WorkerRedis
  /** A connection past all proxies to the server that is the primary now. */
  admin(): Promise<Redis>
  close(): Promise<void>
}
