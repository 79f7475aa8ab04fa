/** A program that uses a cache and closes it; it must end by itself. */
import { defineCatalog, family, openCache, shape } from 'staleproof'

const [redis, end] = process.argv.slice(2)
const catalog = defineCatalog('exit', {
  item: family('item:{name}', { value: shape<number>(), ttl: '30s' }),
})
const cache = await openCache(catalog, {
  service: 'exit',
  redis: redis === 'embedded' ? undefined : redis,
  connectTimeout: 300,
  log: false,
  sources: { item: async () => 5 },
})
console.log(await cache.item.get('a'))
await cache.item.invalidate('a').catch((error: unknown) => {
  console.log(Object(error).code)
})
if (end === 'close') await cache.close()
