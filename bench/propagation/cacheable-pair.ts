/** cacheable with Redis as its second store, and its messages between instances. */
import type { Pair, PairOptions } from './pair.ts'

export const cacheablePair: Pair = {
  name: 'cacheable',
  async openReader(options) {
    const cache = open(options)
    return {
      read: async (key) => {
        const value = await cache.getOrSet(key, () => options.load(key), { ttl: '10m' })
        return typeof value === 'number' ? value : undefined
      },
      close: () => cache.disconnect(),
    }
  },
  async openWriter(options) {
    const cache = open(options)
    return {
      async invalidate(key) {
        await cache.delete(key)
      },
      close: () => cache.disconnect(),
    }
  },
}

function open({ peers, redisUrl, namespace }: PairOptions) {
  const qified = new peers.RedisMessageProvider({ uri: redisUrl })
  const secondary = new peers.KeyvRedis(redisUrl)
  return new peers.Cacheable({ secondary, namespace, sync: { qified } })
}
