/**
 * Where races are run: a database, a Redis of its own or none, and peers: caches that share
 * it, each in a process of its own, or all in the process of the test where there is no Redis.
 */
import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { spawnWorker, type TestWorker } from '../servers/processes.ts'
import { startRedis, type TestRedis } from '../servers/redis.ts'
import { type CacheCalls, type CacheInit, openCacheCalls } from './cache-calls.ts'
import { Database } from './database.ts'

/** A cache that a test can ask, wherever it lives. */
export interface Peer {
  call<Name extends keyof CacheCalls & string>(
    name: Name,
    ...args: Parameters<CacheCalls[Name]>
  ): Promise<Awaited<ReturnType<CacheCalls[Name]>>>
  stop(): Promise<void>
}

export type WorkerPeer = TestWorker<CacheCalls>
export type PeerOptions = Partial<Omit<CacheInit, 'namespace' | 'databaseUrl'>>

const file = new URL('./cache-worker.ts', import.meta.url)
export const trustMs = 600

export class Arena {
  readonly database: Database
  readonly namespace: string
  readonly #redis: TestRedis | undefined
  readonly #raw: Redis | undefined
  readonly #peers: Peer[] = []
  #lastId = 0

  private constructor(database: Database, redis: TestRedis | undefined) {
    this.database = database
    this.namespace = `race-${randomBytes(4).toString('hex')}`
    this.#redis = redis
    this.#raw = redis && new Redis(redis.url, { retryStrategy: () => 50 })
    this.#raw?.on('error', () => {})
  }

  static async open(kind: 'redis' | 'embedded' = 'redis'): Promise<Arena> {
    const database = await Database.open()
    return new Arena(database, kind === 'redis' ? await startRedis() : undefined)
  }

  get redis(): TestRedis {
    if (this.#redis === undefined) throw new Error('an embedded arena has no Redis')
    return this.#redis
  }

  /** A connection of the test's own, for faults and for looking at slots. */
  get raw(): Redis {
    if (this.#raw === undefined) throw new Error('an embedded arena has no Redis')
    return this.#raw
  }

  /** An id that no test has used. */
  nextId(): number {
    this.#lastId += 1
    return this.#lastId
  }

  /** A cache in a process of its own. */
  async worker(options: PeerOptions = {}): Promise<WorkerPeer> {
    const init = { ...this.#init(), redisUrl: this.redis.url, ...options }
    const worker = await spawnWorker<CacheCalls>(file, init)
    this.#peers.push(worker)
    return worker
  }

  /** A cache in the process of the test; embedded where the arena has no Redis. */
  async local(options: PeerOptions = {}): Promise<Peer> {
    const calls = await openCacheCalls({ ...this.#init(), redisUrl: this.#redis?.url, ...options })
    const peer: Peer = {
      call: async (name, ...args) => calls[name]?.(...(args as never[])) as never,
      stop: () => calls.close(),
    }
    this.#peers.push(peer)
    return peer
  }

  /** What Redis holds for a register: the text of its slot. */
  slot(family: string, id: number): Promise<string | null> {
    return this.raw.get(this.slotKey(family, id))
  }

  slotKey(family: string, id: number): string {
    return `{${this.namespace}:0}:k:${family}:${id}`
  }

  get metaKey(): string {
    return `{${this.namespace}:0}:m`
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#peers.map((peer) => peer.stop()))
    this.#raw?.disconnect()
    await this.database.close()
    await this.#redis?.stop()
  }

  #init(): Omit<CacheInit, 'redisUrl'> {
    const { namespace, database } = this
    return { service: 'race', namespace, databaseUrl: database.url, trustMs }
  }
}
