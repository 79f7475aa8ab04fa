/**
 * The libraries we compare with. They have a package of their own, because their
 * dependencies contradict ours; it is installed when the benchmarks first need it, so
 * what is used of them is declared here and in `peer-types.ts`.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type {
  BentoCache,
  BentoMemoryOptions,
  BentoOptions,
  BentoStore,
  Cacheable,
  CacheableOptions,
  CacheManager,
  CachifiedEntry,
  CachifiedOptions,
  DedupeCache,
  Keyv,
  LayeredGroupLoader,
  LayeredLoader,
  LayeredRedisCache,
  LruCache,
  LruOptions,
  NodeRedis,
  NotificationOptions,
  NotificationPair,
  RedisAddress,
  RedisConnection,
} from './peer-types.ts'

export interface Peers {
  readonly LRUCache: new (options: LruOptions) => LruCache
  readonly BentoCache: new (options: BentoOptions) => BentoCache
  readonly bentostore: () => BentoStore
  readonly memoryDriver: (options: BentoMemoryOptions) => object
  readonly redisDriver: (options: { readonly connection: RedisAddress }) => object
  readonly redisBusDriver: (options: { readonly connection: RedisAddress }) => object
  readonly Cacheable: new (options: CacheableOptions) => Cacheable
  readonly Keyv: new (options?: { readonly store: object; readonly namespace: string }) => Keyv
  readonly KeyvRedis: new (url: string) => object
  readonly RedisMessageProvider: new (options: { readonly uri: string }) => object
  readonly createCacheManager: (options: { readonly stores: readonly Keyv[] }) => CacheManager
  readonly createDedupeCache: (options: object) => DedupeCache
  readonly cachified: (options: CachifiedOptions) => Promise<unknown>
  /** Of an entry, in milliseconds. */
  readonly totalTtl: (metadata: CachifiedEntry['metadata']) => number
  readonly Redis: new (url: string) => RedisConnection
  readonly Loader: new (options: object) => LayeredLoader
  readonly GroupLoader: new (options: object) => LayeredGroupLoader
  readonly RedisCache: new (redis: RedisConnection, options: object) => LayeredRedisCache
  readonly RedisGroupCache: new (redis: RedisConnection, options: object) => object
  readonly createNotificationPair: (options: NotificationOptions) => NotificationPair
  readonly createGroupNotificationPair: (options: NotificationOptions) => NotificationPair
  readonly BasicClientSideCache: new (options: object) => object
  readonly createClient: (options: object) => NodeRedis
}

/** Installs them if they are not there as locked, telling so, and imports them. */
export async function loadPeers(
  folder: string,
  tell: (line: string) => void = () => {},
): Promise<Peers> {
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
