/** cacheable, with Redis as its second store and its messages between instances. */
import type { Cacheable, CacheableOptions } from '../peer-types.ts'
import type { Library, LibraryOptions } from './library.ts'

const ttl = '10m'
const tags = ['bench']

export const cacheable: Library = {
  name: 'cacheable',
  tiers: ['memory', 'redis', 'both'],
  async open(options) {
    const cache = openCacheable(options)
    const { load } = options
    return {
      fetch: (key) => cache.getOrSet(key, () => load(key), { ttl }),
      get: (key) => cache.get(key),
      getMany: (keys) => cache.getMany(keys),
      invalidate: (key) => cache.delete(key),
      close: () => cache.disconnect(),
    }
  },
}

/** Its `getOrSet` takes no tags. */
export const cacheableTagged: Library = {
  name: 'cacheable, 1 tag',
  tiers: ['memory', 'redis', 'both'],
  async open(options) {
    const cache = openCacheable(options, { tags: true })
    return {
      async fetch(key) {
        const found = await cache.get(key)
        if (found !== undefined) return found
        const value = await options.load(key)
        await cache.set(key, value, { ttl, tags })
        return value
      },
      get: (key) => cache.get(key),
      getMany: (keys) => cache.getMany(keys),
      invalidate: (key) => cache.delete(key),
      close: () => cache.disconnect(),
    }
  },
}

export function openCacheable(
  { peers, redisUrl, namespace, tiers }: LibraryOptions,
  more: Pick<CacheableOptions, 'tags'> = {},
): Cacheable {
  const { Cacheable, KeyvRedis, RedisMessageProvider } = peers
  if (tiers === 'memory') return new Cacheable({ ...more, namespace })
  const redis = new KeyvRedis(redisUrl)
  if (tiers === 'redis') return new Cacheable({ ...more, namespace, primary: redis })
  const qified = new RedisMessageProvider({ uri: redisUrl })
  return new Cacheable({ ...more, namespace, secondary: redis, sync: { qified } })
}
