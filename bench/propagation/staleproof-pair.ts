/** Our own cache, plainly and with the barrier. */
import { defineCatalog, family, openCache, shape } from 'staleproof'
import type { Pair, PairOptions } from './pair.ts'

const catalog = defineCatalog('bench', {
  item: family('item:{key}', { value: shape<number>(), ttl: '10m' }),
})

export const staleproofPair: Pair = pairOf('staleproof', false)
export const staleproofBarrierPair: Pair = pairOf('staleproof, barrier: true', true)

function pairOf(name: string, barrier: boolean): Pair {
  return {
    name,
    async openReader(options) {
      const cache = await open('reader', options)
      return { read: (key) => cache.item.get(key), close: () => cache.close() }
    },
    async openWriter(options) {
      const cache = await open('writer', options)
      return {
        async invalidate(key) {
          await cache.item.invalidate(key, { barrier })
        },
        close: () => cache.close(),
      }
    },
  }
}

function open(service: string, { redisUrl, namespace, load }: PairOptions) {
  return openCache(catalog, {
    service,
    redis: redisUrl,
    namespace,
    log: false,
    sources: { item: load },
  })
}
