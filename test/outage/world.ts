/**
 * A Redis that can be hurt in many ways, a network in front of it, and a database that always
 * answers. Every test has its own, because what one breaks another would meet.
 */
import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { type Cache, type CacheOptions, defineCatalog, family, openCache, shape } from 'staleproof'
import { afterEach, beforeEach, expect } from 'vitest'
import { type RedisProxy, startProxy } from '../servers/proxy.ts'
import { startRedis, type TestRedis } from '../servers/redis.ts'

export const catalog = defineCatalog('outage', {
  item: family('item:{name}', { value: shape<number>(), ttl: '5m' }),
})
export type Families = typeof catalog extends { families: infer F } ? F : never
export type ItemCache = Cache<Families>

/** Everything a `get` may wait for Redis, and what a busy machine may add. */
export const budgetMs = 500
export const noiseMs = 500

/** The truth: one number for all keys, so that any read shows how old it is. */
export class Database {
  value = 1
  loads = 0
  readonly load = async (): Promise<number> => {
    this.loads++
    return this.value
  }
}

export interface World {
  readonly server: TestRedis
  readonly proxy: RedisProxy
  /** Has all rights, and is never in the way of what is tested. */
  readonly admin: Redis
  readonly database: Database
  readonly namespace: string
  /** Through the proxy, as a user that can lose its rights. */
  readonly open: (options?: Partial<CacheOptions<Families>>) => Promise<ItemCache>
  /** Closes at the end of the test whatever was opened in another way. */
  readonly keep: (cache: ItemCache) => ItemCache
}

const password = 'app-password'

/** The world of the present test; rejections that nobody handles fail it. */
export function useWorld(args: readonly string[] = []): () => World {
  let world: World | undefined
  let endWorld = async (): Promise<void> => {}
  useRejectionWatch()
  beforeEach(async () => {
    const made = await makeWorld(args)
    world = made.world
    endWorld = made.end
  })
  afterEach(async () => {
    world = undefined
    await endWorld()
  })
  return () => {
    if (world === undefined) throw new Error('expected to be asked within a test')
    return world
  }
}

/** Fails a test in which something was thrown or rejected and nobody cared. */
export function useRejectionWatch(): void {
  let unhandled: unknown[] = []
  const listen = (reason: unknown): void => {
    unhandled.push(reason)
  }
  beforeEach(() => {
    unhandled = []
    process.on('unhandledRejection', listen)
    process.on('uncaughtException', listen)
  })
  afterEach(async () => {
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', listen)
    process.off('uncaughtException', listen)
    expect(unhandled).toEqual([])
  })
}

async function makeWorld(args: readonly string[]): Promise<{ world: World; end(): Promise<void> }> {
  const server = await startRedis({ args })
  const proxy = await startProxy(server.port)
  const admin = new Redis(server.url, { retryStrategy: () => 20, maxRetriesPerRequest: null })
  admin.on('error', () => {})
  await grant(admin)
  const database = new Database()
  const namespace = `o${randomUUID().slice(0, 8)}`
  const caches: ItemCache[] = []
  const keep = (cache: ItemCache): ItemCache => {
    caches.push(cache)
    return cache
  }
  const open: World['open'] = async (options) =>
    keep(
      await openCache(catalog, {
        service: 'test',
        namespace,
        log: false,
        redis: `redis://app:${password}@127.0.0.1:${proxy.port}`,
        sources: { item: database.load },
        ...options,
      }),
    )
  const end = async (): Promise<void> => {
    proxy.mode('all', 'pass')
    server.resume()
    await Promise.all(caches.map((cache) => cache.close()))
    admin.disconnect()
    await proxy.stop()
    await server.stop()
  }
  return { world: { server, proxy, admin, database, namespace, open, keep }, end }
}

/** The user of the caches, with all rights. */
export async function grant(admin: Redis): Promise<void> {
  await admin.acl('SETUSER', 'app', 'reset', 'on', `>${password}`, '~*', '&*', '+@all')
}

/** How long some work takes, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now()
  await work()
  return performance.now() - startMs
}
