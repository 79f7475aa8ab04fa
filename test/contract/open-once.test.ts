import {
  type CacheOptions,
  defineCatalog,
  type Families,
  family,
  openCacheOnce,
  shape,
} from 'staleproof'
import { expect, it } from 'vitest'
import { describeRedis } from './caches.ts'

function declare() {
  return defineCatalog('once', {
    item: family('item:{name}', { value: shape<number>(), ttl: '30s' }),
  })
}
const catalog = declare()

describeRedis('openCacheOnce', (bench) => {
  const options = <F extends Families>(service: string): CacheOptions<F> => ({
    service,
    namespace: bench.namespace,
    redis: bench.server.url,
    log: false,
  })

  it('opens one cache however often a module is loaded', async () => {
    const caches = await Promise.all([
      openCacheOnce(catalog, options('one')),
      openCacheOnce(catalog, options('one')),
    ])
    expect(caches[1]).toBe(caches[0])
    expect(await openCacheOnce(catalog, options('one'))).toBe(caches[0])
    expect(await connections()).toBe(2)
    await caches[0]?.close()
  })

  it('closes the earlier one when the catalog has been loaded anew', async () => {
    const early = await openCacheOnce(catalog, options('two'))
    const late = await openCacheOnce(declare(), options('two'))
    expect(late).not.toBe(early)
    await expect(early.item.get('a')).rejects.toMatchObject({ code: 'SP_CLOSED' })
    expect(await connections()).toBe(2)
    await late.close()
  })

  it('opens another one after it was closed', async () => {
    const early = await openCacheOnce(catalog, options('three'))
    await early.close()
    const late = await openCacheOnce(catalog, { ...options('three'), sources: { item: () => 1 } })
    expect(await late.item.get('a')).toBe(1)
    await late.close()
  })

  it('keeps services apart', async () => {
    const caches = await Promise.all([
      openCacheOnce(catalog, options('four')),
      openCacheOnce(catalog, options('five')),
    ])
    expect(caches[1]).not.toBe(caches[0])
    await Promise.all(caches.map((cache) => cache.close()))
  })

  it('tries again after it could not be opened', async () => {
    const refused = { ...options('six'), redis: 'redis://127.0.0.1:1', requireRedis: true }
    const hasty = { connectTimeout: 200 }
    await expect(openCacheOnce(catalog, { ...refused, ...hasty })).rejects.toMatchObject({
      code: 'SP_REDIS_DOWN',
    })
    const cache = await openCacheOnce(catalog, options('six'))
    await cache.close()
  })

  async function connections(): Promise<number> {
    const list = String(await bench.client.client('LIST'))
    return list.match(/name=\S*staleproof/g)?.length ?? 0
  }
})
