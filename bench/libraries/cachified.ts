/** cachified: one store that its user adapts, after its README, and no messages. */
import type { CachifiedEntry, CachifiedStore, RedisConnection } from '../peer-types.ts'
import type { Peers } from '../peers.ts'
import { itemsMax, type Library, ttlMs } from './library.ts'

export const cachifiedLibrary: Library = {
  name: 'cachified',
  tiers: ['memory', 'redis'],
  async open({ peers, redisUrl, namespace, tiers, load }) {
    const redis = tiers === 'redis' ? new peers.Redis(redisUrl) : undefined
    const cache = redis === undefined ? inMemory(peers) : inRedis(redis)
    const { cachified } = peers
    const fetch = (key: string) =>
      cachified({ key: `${namespace}:${key}`, cache, ttl: ttlMs, getFreshValue: () => load(key) })
    return {
      fetch,
      get: fetch,
      invalidate: async (key) => cache.delete(`${namespace}:${key}`),
      close: async () => redis?.disconnect(),
    }
  },
}

function inMemory({ LRUCache, totalTtl }: Peers): CachifiedStore {
  const lru = new LRUCache({ max: itemsMax })
  return {
    get: (key) => lru.get(key),
    set: (key, value: CachifiedEntry) => lru.set(key, value, { ttl: totalTtl(value.metadata) }),
    delete: (key) => lru.delete(key),
  }
}

function inRedis(redis: RedisConnection): CachifiedStore {
  return {
    async get(key) {
      const text = await redis.get(key)
      return text === null ? undefined : JSON.parse(text)
    },
    set: (key, value) => redis.set(key, JSON.stringify(value), 'PX', ttlMs),
    delete: (key) => redis.del(key),
  }
}
