/** layered-loader with memory, Redis and its notifications. */
import type { LayeredLoader, RedisConnection } from '../peers.ts'
import type { Pair, PairOptions } from './pair.ts'

const ttlInMsecs = 600_000

export const layeredLoaderPair: Pair = {
  name: 'layered-loader',
  async openReader(options) {
    const { loader, close } = await open(options)
    return {
      read: async (key) => {
        const value = await loader.get(key)
        return typeof value === 'number' ? value : undefined
      },
      close,
    }
  },
  async openWriter(options) {
    const { loader, close } = await open(options)
    return { invalidate: (key) => loader.invalidateCacheFor(key), close }
  },
}

interface Opened {
  readonly loader: LayeredLoader
  close(): Promise<void>
}

async function open({ peers, redisUrl, namespace, load }: PairOptions): Promise<Opened> {
  const connections: RedisConnection[] = []
  const connect = () => {
    const redis = new peers.Redis(redisUrl)
    connections.push(redis)
    return redis
  }
  const { publisher, consumer } = peers.createNotificationPair({
    channel: `${namespace}-notifications`,
    consumerRedis: connect(),
    publisherRedis: connect(),
  })
  const loader = new peers.Loader({
    inMemoryCache: { ttlInMsecs },
    asyncCache: new peers.RedisCache(connect(), { ttlInMsecs, prefix: namespace, json: true }),
    notificationPublisher: publisher,
    notificationConsumer: consumer,
    dataSourceGetOneFn: load,
  })
  await loader.init()
  const close = async () => {
    await loader.close()
    for (const redis of connections) redis.disconnect()
  }
  return { loader, close }
}
