/**
 * The libraries we compare with. They have a package of their own, because their
 * dependencies contradict ours; it is installed when the benchmarks first need it, so
 * what is used of them is declared here.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

export interface Peers {
  readonly LRUCache: new (options: { readonly max: number }) => LruCache
  readonly BentoCache: new (options: BentoOptions) => BentoCache
  readonly bentostore: () => BentoStore
  readonly memoryDriver: (options: {
    readonly maxSize: string
    readonly maxItems: number
  }) => object
  readonly redisDriver: (options: { readonly connection: RedisAddress }) => object
  readonly redisBusDriver: (options: { readonly connection: RedisAddress }) => object
  readonly Cacheable: new (options: {
    readonly secondary: object
    readonly namespace: string
    readonly sync: { readonly qified: object }
  }) => Cacheable
  readonly KeyvRedis: new (url: string) => object
  readonly RedisMessageProvider: new (options: { readonly uri: string }) => object
  readonly Redis: new (url: string) => RedisConnection
  readonly Loader: new (options: object) => LayeredLoader
  readonly RedisCache: new (redis: RedisConnection, options: object) => object
  readonly createNotificationPair: (options: {
    readonly channel: string
    readonly consumerRedis: RedisConnection
    readonly publisherRedis: RedisConnection
  }) => { readonly publisher: object; readonly consumer: object }
  readonly BasicClientSideCache: new (options: object) => object
  readonly createClient: (options: object) => NodeRedis
}

export interface Cacheable {
  getOrSet(
    key: string,
    load: () => Promise<unknown>,
    options: { readonly ttl: string },
  ): Promise<unknown>
  delete(key: string): Promise<boolean>
  disconnect(): Promise<void>
}

/** The ioredis that the peers use. */
export interface RedisConnection {
  disconnect(): void
}

export interface LayeredLoader {
  init(): Promise<void>
  get(key: string): Promise<unknown>
  invalidateCacheFor(key: string): Promise<void>
  close(): Promise<void>
}

export interface NodeRedis {
  connect(): Promise<unknown>
  on(event: 'error', listener: (error: unknown) => void): unknown
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<unknown>
  del(key: string): Promise<number>
  destroy(): void
}

export interface LruCache {
  get(key: unknown): unknown
  set(key: unknown, value: unknown): unknown
}

export interface BentoOptions {
  readonly default: string
  readonly prefix: string
  readonly stores: Readonly<Record<string, BentoStore>>
}

export interface BentoStore {
  useL1Layer(driver: object): BentoStore
  useL2Layer(driver: object): BentoStore
  useBus(driver: object): BentoStore
}

export interface BentoCache {
  get(options: { readonly key: string }): Promise<unknown>
  set(options: { readonly key: string; readonly value: unknown; readonly ttl: string }): unknown
  getOrSet(options: {
    readonly key: string
    readonly ttl: string
    readonly factory: () => Promise<unknown>
  }): Promise<unknown>
  delete(options: { readonly key: string }): Promise<boolean>
  disconnectAll(): Promise<void>
}

export interface RedisAddress {
  readonly host: string
  readonly port: number
  readonly username?: string
  readonly password?: string
}

/** Installs them if they are not there as locked, telling so, and imports them. */
export async function loadPeers(folder: string, tell: (line: string) => void): Promise<Peers> {
  if (!isInstalled(folder)) {
    tell('Installing the libraries to compare with into bench/peers (npm ci) …')
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
    const args = ['ci', '--no-audit', '--no-fund', '--ignore-scripts']
    const { status, stderr, error } = spawnSync(npm, args, { cwd: folder, encoding: 'utf8' })
    if (status !== 0) {
      throw new Error(`npm ci failed in ${folder}: ${error?.message ?? stderr.trim()}`)
    }
  }
  return import(pathToFileURL(join(folder, 'libraries.js')).href)
}

/** npm writes its record of an installation last: one older than the lock is out of date. */
function isInstalled(folder: string): boolean {
  const record = join(folder, 'node_modules', '.package-lock.json')
  const lock = join(folder, 'package-lock.json')
  return existsSync(record) && statSync(record).mtimeMs >= statSync(lock).mtimeMs
}
