/** layered-loader with memory, Redis and its notifications. */
import type { LayeredLoader, RedisConnection } from '../peer-types.ts'
import { itemsMax, type Library, type LibraryOptions, ttlMs } from './library.ts'

const ttlInMsecs = ttlMs

export const layeredLoader: Library = {
  name: 'layered-loader',
  tiers: ['memory', 'redis', 'both'],
  async open(options) {
    const { loader, close } = await openLoader(options)
    return {
      fetch: (key) => loader.get(key),
      get: (key) => loader.get(key),
      getMany: (keys) => loader.getMany(keys),
      fetchMany: (keys) => loader.getMany(keys),
      invalidate: (key) => loader.invalidateCacheFor(key),
      close,
    }
  },
}

export interface OpenedLoader {
  readonly loader: LayeredLoader
  close(): Promise<void>
}

export async function openLoader(options: LibraryOptions): Promise<OpenedLoader> {
  const { peers, redisUrl, namespace, tiers, load, keyOf } = options
  const connections: RedisConnection[] = []
  const connect = () => {
    const redis = new peers.Redis(redisUrl)
    connections.push(redis)
    return redis
  }
  const asyncCache = () =>
    new peers.RedisCache(connect(), { ttlInMsecs, prefix: namespace, json: true })
  const bus = () => notifications(options, connect)
  const loader = new peers.Loader({
    inMemoryCache: tiers === 'redis' ? false : { ttlInMsecs, maxItems: itemsMax },
    ...(tiers !== 'memory' && { asyncCache: asyncCache() }),
    ...(tiers === 'both' && bus()),
    ...(keyOf && { cacheKeyFromValueResolver: keyOf }),
    dataSourceGetOneFn: load,
    dataSourceGetManyFn: (keys: readonly string[]) => Promise.all(keys.map(load)),
  })
  await loader.init()
  const close = async () => {
    await loader.close()
    for (const redis of connections) redis.disconnect()
  }
  return { loader, close }
}

function notifications({ peers, namespace }: LibraryOptions, connect: () => RedisConnection) {
  const { publisher, consumer } = peers.createNotificationPair({
    channel: `${namespace}-notifications`,
    consumerRedis: connect(),
    publisherRedis: connect(),
  })
  return { notificationPublisher: publisher, notificationConsumer: consumer }
}
