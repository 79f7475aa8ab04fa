/** What is used of the libraries we compare with; they are installed when first needed. */

export interface LruCache {
  get(key: unknown): unknown
  set(key: unknown, value: unknown, options?: { readonly ttl?: number | undefined }): unknown
  delete(key: unknown): boolean
  fetch(key: unknown): Promise<unknown>
}

export interface LruOptions {
  readonly max: number
  readonly ttl?: number
  readonly fetchMethod?: (key: string) => Promise<unknown>
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

export interface BentoMemoryOptions {
  readonly maxItems: number
  /** Absent: in bytes there is no bound, as without serialising there can't be. */
  readonly maxSize?: string
  readonly serialize?: false
}

export interface BentoCache {
  get(options: { readonly key: string }): Promise<unknown>
  getOrSet(options: {
    readonly key: string
    readonly ttl: string
    readonly factory: () => Promise<unknown>
    readonly tags?: readonly string[]
  }): Promise<unknown>
  delete(options: { readonly key: string }): Promise<boolean>
  deleteByTag(options: { readonly tags: readonly string[] }): Promise<boolean>
  namespace(name: string): BentoCache
  clear(): Promise<void>
  disconnectAll(): Promise<void>
}

export interface RedisAddress {
  readonly host: string
  readonly port: number
  readonly username?: string
  readonly password?: string
}

export interface CacheableOptions {
  readonly namespace: string
  readonly primary?: object
  readonly secondary?: object
  readonly sync?: { readonly qified: object }
  readonly tags?: true
}

export interface Cacheable {
  readonly tags: { invalidateTag(tag: string): Promise<unknown> }
  get(key: string): Promise<unknown>
  getMany(keys: readonly string[]): Promise<readonly unknown[]>
  getOrSet(
    key: string,
    load: () => Promise<unknown>,
    options: { readonly ttl: string },
  ): Promise<unknown>
  set(
    key: string,
    value: unknown,
    options: { readonly ttl: string; readonly tags: readonly string[] },
  ): Promise<unknown>
  delete(key: string): Promise<boolean>
  disconnect(): Promise<void>
}

export interface Keyv {
  get(key: string): Promise<unknown>
  set(key: string, value: unknown, ttlMs: number): Promise<unknown>
  clear(): Promise<void>
  disconnect(): Promise<void>
}

export interface CacheManager {
  get(key: string): Promise<unknown>
  mget(keys: readonly string[]): Promise<readonly unknown[]>
  wrap(key: string, load: () => Promise<unknown>, ttlMs: number): Promise<unknown>
  del(key: string): Promise<boolean>
  disconnect(): Promise<unknown>
}

/** Functions that were defined are members of the cache, which a type can't say. */
export interface DedupeCache {
  define(name: string, options: object, load: (key: string) => Promise<unknown>): unknown
  clear(name: string, key: string): Promise<void>
  invalidateAll(references: string): Promise<void>
}

export interface CachifiedStore {
  get(key: string): unknown
  set(key: string, value: CachifiedEntry): unknown
  delete(key: string): unknown
}

export interface CachifiedEntry {
  readonly metadata: { readonly createdTime: number }
}

export interface CachifiedOptions {
  readonly key: string
  readonly cache: CachifiedStore
  readonly ttl: number
  readonly getFreshValue: () => Promise<unknown>
}

export interface LayeredLoader {
  init(): Promise<void>
  get(key: string): Promise<unknown>
  getMany(keys: readonly string[]): Promise<readonly unknown[]>
  getInMemoryOnly(key: string): unknown
  invalidateCacheFor(key: string): Promise<void>
  close(): Promise<void>
}

export interface LayeredGroupLoader {
  init(): Promise<void>
  get(key: string, group: string): Promise<unknown>
  invalidateCacheForGroup(group: string): Promise<void>
  close(): Promise<void>
}

export interface LayeredRedisCache {
  get(key: string): Promise<unknown>
  set(key: string, value: unknown): Promise<unknown>
  clear(): Promise<unknown>
}

/** The ioredis that the peers use. */
export interface RedisConnection {
  get(key: string): Promise<string | null>
  set(key: string, value: string, unit: 'PX', ttlMs: number): Promise<unknown>
  del(key: string): Promise<number>
  disconnect(): void
}

export interface NotificationOptions {
  readonly channel: string
  readonly consumerRedis: RedisConnection
  readonly publisherRedis: RedisConnection
}

export interface NotificationPair {
  readonly publisher: object
  readonly consumer: object
}

export interface NodeRedis {
  connect(): Promise<unknown>
  on(event: 'error', listener: (error: unknown) => void): unknown
  get(key: string): Promise<string | null>
  mGet(keys: readonly string[]): Promise<readonly (string | null)[]>
  set(key: string, value: string, options: { readonly PX: number }): Promise<unknown>
  del(key: string): Promise<number>
  destroy(): void
}
