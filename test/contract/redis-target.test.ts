/** What may be given as `redis`. */
import { Redis } from 'ioredis'
import { defineCatalog, family, shape } from 'staleproof'
import { expect, it, vi } from 'vitest'
import { describeRedis } from './caches.ts'

const catalog = defineCatalog('target', {
  item: family('item:{name}', { value: shape<number>(), ttl: '30s' }),
})
const sources = { item: async (id: string) => id.length }

describeRedis('the address of Redis', (bench) => {
  it('may be an instance, which is neither used nor closed', async () => {
    const redis = new Redis(bench.server.url, { lazyConnect: true })
    const cache = await bench.open(catalog, { redis, sources })
    expect(await cache.item.get('abc')).toBe(3)
    expect(redis.status).toBe('wait')
    await redis.connect()
    await cache.close()
    expect(await redis.ping()).toBe('PONG')
    redis.disconnect()
  })

  it('may be options', async () => {
    const redis = Object.freeze({ host: '127.0.0.1', port: bench.server.port })
    const cache = await bench.open(catalog, { redis, sources })
    expect(await cache.item.get('abc')).toBe(3)
    expect(cache.health().state).toBe('ok')
  })

  it('may name a logical database, of which messages concern no other one', async () => {
    const zero = await bench.open(catalog, { sources })
    const one = await bench.open(catalog, { sources, redis: `${bench.server.url}/1` })
    await Promise.all([zero.item.get('a'), one.item.get('a')])
    await Promise.all([zero.settled(), one.settled()])
    const heard = vi.fn()
    zero.observe({ notify: ({ kind }) => kind === 'invalidate' && heard() })
    await one.item.invalidate('a')
    await one.item.get('a')
    expect(zero.item.peek('a')).toBe(1)
    expect(heard).not.toHaveBeenCalled()
    await zero.item.invalidate('a')
    expect(zero.item.peek('a')).toBeUndefined()
    expect(await one.item.get('a')).toBe(1)
  })

  it('must not lead to a replica', async () => {
    const redis = { host: '127.0.0.1', port: bench.server.port, role: 'slave' as const }
    await expect(bench.open(catalog, { redis })).rejects.toMatchObject({
      code: 'SP_READ_FROM_REPLICA',
    })
  })

  it('must not rename keys', async () => {
    const redis = { host: '127.0.0.1', port: bench.server.port, keyPrefix: 'app:' }
    await expect(bench.open(catalog, { redis })).rejects.toMatchObject({
      code: 'SP_OPTION_INVALID',
    })
  })
})
