/** async-cache-dedupe: one store, memory or Redis, and no messages between processes. */
import type { DedupeCache, RedisConnection } from '../peer-types.ts'
import { itemsMax, type Library, type LibraryOptions, ttlMs } from './library.ts'

export const asyncCacheDedupe: Library = {
  name: 'async-cache-dedupe',
  tiers: ['memory', 'redis'],
  async open(options) {
    const { peers, redisUrl, namespace, load } = options
    const client = options.tiers === 'redis' ? new peers.Redis(redisUrl) : undefined
    const cache = openDedupe(options, client)
    cache.define(namespace, {}, load)
    const fetch = definedIn(cache, namespace)
    return {
      fetch,
      get: fetch,
      invalidate: (key) => cache.clear(namespace, key),
      close: async () => client?.disconnect(),
    }
  },
}

/** With a client in Redis, else in memory. */
export function openDedupe(
  { peers }: LibraryOptions,
  client: RedisConnection | undefined,
  invalidation: object | boolean = false,
): DedupeCache {
  const storage =
    client === undefined
      ? { type: 'memory', options: { size: itemsMax } }
      : { type: 'redis', options: { client, invalidation } }
  return peers.createDedupeCache({ ttl: ttlMs / 1_000, storage })
}

/** The function that `define` has added. */
export function definedIn(cache: DedupeCache, name: string): (key: string) => Promise<unknown> {
  const found: unknown = Reflect.get(cache, name)
  if (typeof found !== 'function') throw new Error(`async-cache-dedupe defined no ${name}`)
  return (key) => found.call(cache, key)
}
