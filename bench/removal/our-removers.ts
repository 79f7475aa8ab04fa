/** Ours: by tag, by family, by pattern, and key by key in one call. */
import { defineCatalog, family, openCache, shape } from 'staleproof'
import type { LibraryOptions } from '../libraries/library.ts'
import type { Remover } from './remover.ts'

const catalog = defineCatalog('bench', {
  item: family('item:{key}', { value: shape<unknown>(), ttl: '10m', tags: () => ['removed'] }),
})
const reason = 'benchmark'

export const ourRemovers: readonly Remover[] = [
  removerOf('staleproof invalidateTag', (cache) => cache.invalidateTag('removed', { reason })),
  removerOf('staleproof clear of a family', (cache) => cache.item.clear({ reason })),
  removerOf('staleproof invalidatePattern', (cache) =>
    cache.invalidatePattern('item:*', { reason }),
  ),
  removerOf('staleproof invalidate(ids)', (cache, keys) => cache.item.invalidate(keys, { reason })),
]

type BenchCache = Awaited<ReturnType<typeof open>>

function removerOf(
  name: string,
  remove: (cache: BenchCache, keys: readonly string[]) => Promise<unknown>,
): Remover {
  return {
    name,
    async open(options) {
      const cache = await open(options)
      const keys = new Set<string>()
      return {
        fetch(key) {
          keys.add(key)
          return cache.item.get(key)
        },
        remove: () => remove(cache, [...keys]),
        close: () => cache.close(),
      }
    },
  }
}

function open({ redisUrl, namespace, load }: LibraryOptions) {
  return openCache(catalog, {
    service: 'bench',
    redis: redisUrl,
    namespace,
    log: false,
    sources: { item: load },
  })
}
