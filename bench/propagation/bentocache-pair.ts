/** bentocache with the tiers and the bus of its README. */
import type { Pair, PairOptions } from './pair.ts'

export const bentocachePair: Pair = {
  name: 'bentocache',
  async openReader(options) {
    const bento = open(options)
    return {
      read: async (key) => {
        const factory = () => options.load(key)
        const value = await bento.getOrSet({ key, ttl: '10m', factory })
        return typeof value === 'number' ? value : undefined
      },
      close: () => bento.disconnectAll(),
    }
  },
  async openWriter(options) {
    const bento = open(options)
    return {
      async invalidate(key) {
        await bento.delete({ key })
      },
      close: () => bento.disconnectAll(),
    }
  },
}

function open({ peers, redisUrl, namespace }: PairOptions) {
  const { hostname, port } = new URL(redisUrl)
  const connection = { host: hostname, port: Number(port) }
  const store = peers
    .bentostore()
    .useL1Layer(peers.memoryDriver({ maxSize: '50mb', maxItems: 10_000 }))
    .useL2Layer(peers.redisDriver({ connection }))
    .useBus(peers.redisBusDriver({ connection }))
  return new peers.BentoCache({ default: 'all', prefix: namespace, stores: { all: store } })
}
