/** Our own cache, plainly and with the barrier. */
import { defineCatalog, family, openCache, shape } from 'staleproof'
import { bytesMax, itemsMax, type Library } from './library.ts'

const catalog = defineCatalog('bench', {
  item: family('item:{key}', { value: shape<unknown>(), ttl: '10m' }),
})

export const staleproof: Library = variantOf('staleproof', false)
export const staleproofBarrier: Library = variantOf('staleproof, barrier: true', true)

function variantOf(name: string, barrier: boolean): Library {
  return {
    name,
    tiers: ['memory', 'redis', 'both'],
    async open({ redisUrl, namespace, tiers, load }) {
      const cache = await openCache(catalog, {
        service: 'bench',
        redis: tiers === 'memory' ? undefined : redisUrl,
        namespace,
        memory: tiers === 'redis' ? false : { maxEntries: itemsMax, maxBytes: bytesMax },
        log: false,
        sources: { item: load },
      })
      const { item } = cache
      return {
        fetch: (key) => item.get(key),
        get: (key) => item.get(key),
        getMany: (keys) => item.getMany(keys),
        fetchMany: (keys) => item.getMany(keys),
        invalidate: (key) => item.invalidate(key, { barrier }),
        close: () => cache.close(),
      }
    },
  }
}
