/** node-redis with the client-side cache of Redis: the key itself is what is cached. */
import type { NodeRedis } from '../peers.ts'
import type { Pair, PairOptions } from './pair.ts'

export const nodeRedisPair: Pair = {
  name: 'node-redis, client-side cache',
  async openReader(options) {
    const cache = new options.peers.BasicClientSideCache({ ttl: 0, maxEntries: 0 })
    const client = await connect(options, cache)
    return {
      async read(key) {
        const slot = `${options.namespace}:${key}`
        const text = await client.get(slot)
        if (text !== null) return Number(text)
        const version = await options.load(key)
        await client.set(slot, String(version))
        return version
      },
      close: async () => client.destroy(),
    }
  },
  async openWriter(options) {
    const client = await connect(options, undefined)
    return {
      async invalidate(key) {
        await client.del(`${options.namespace}:${key}`)
      },
      close: async () => client.destroy(),
    }
  },
}

async function connect(
  { peers, redisUrl }: PairOptions,
  clientSideCache: object | undefined,
): Promise<NodeRedis> {
  const client = peers.createClient({
    url: redisUrl,
    RESP: 3,
    ...(clientSideCache && { clientSideCache }),
  })
  client.on('error', () => {})
  await client.connect()
  return client
}
