/** cache-manager over the stores of keyv. It has no messages between processes. */
import { type Library, ttlMs } from './library.ts'

export const cacheManager: Library = {
  name: 'cache-manager',
  tiers: ['memory', 'redis', 'both'],
  async open({ peers, redisUrl, namespace, tiers, load }) {
    const { Keyv, KeyvRedis, createCacheManager } = peers
    const stores = []
    if (tiers !== 'redis') stores.push(new Keyv())
    if (tiers !== 'memory') stores.push(new Keyv({ store: new KeyvRedis(redisUrl), namespace }))
    const cache = createCacheManager({ stores })
    return {
      fetch: (key) => cache.wrap(key, () => load(key), ttlMs),
      get: (key) => cache.get(key),
      getMany: (keys) => cache.mget(keys),
      invalidate: (key) => cache.del(key),
      close: async () => {
        await cache.disconnect()
      },
    }
  },
}
