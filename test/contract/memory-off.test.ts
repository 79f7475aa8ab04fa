import { defineCatalog, family, shape } from 'staleproof'
import { expect, it, vi } from 'vitest'
import { describeCache, describeRedis } from './caches.ts'

const catalog = defineCatalog('memoryless', {
  item: family('item:{name}', { value: shape<number>(), ttl: '30s' }),
})

describeCache('a cache without memory', (open) => {
  it('reads the second tier each time and sees every invalidation at once', async () => {
    let value = 1
    const load = vi.fn(async () => value)
    const cache = await open(catalog, { sources: { item: load }, memory: false })
    const writer = await open(catalog)
    for (value = 1; value <= 20; value++) {
      await writer.item.invalidate('a')
      expect(await cache.item.get('a')).toBe(value)
      await cache.settled()
      expect(await cache.item.lookup('a')).toMatchObject({ from: 'redis', value })
      expect(cache.item.peek('a')).toBeUndefined()
    }
    expect(load).toHaveBeenCalledTimes(20)
    expect(cache.stats().memory).toMatchObject({ entries: 0, bytes: 0 })
  })

  it('is healthy', async () => {
    const cache = await open(catalog, { memory: false })
    expect(cache.health()).toMatchObject({ state: 'ok', reasons: [] })
  })

  it('still loads once for callers of one moment', async () => {
    const load = vi.fn(async () => 1)
    const cache = await open(catalog, { sources: { item: load }, memory: false })
    expect(await cache.item.getMany(['a', 'a', 'a'])).toEqual([1, 1, 1])
    expect(load).toHaveBeenCalledTimes(1)
  })

  it('invalidates the memory of the others', async () => {
    let value = 1
    const cache = await open(catalog, { sources: { item: async () => value } })
    const writer = await open(catalog, { memory: false })
    await cache.item.get('a')
    await cache.settled()
    value = 2
    const receipt = await writer.item.invalidate('a')
    expect(receipt.reached).toBe(1)
    await vi.waitUntil(async () => (await cache.item.get('a')) === 2)
  })
})

describeRedis('a cache without memory', (bench) => {
  it('has one connection', async () => {
    await bench.open(catalog, { memory: false })
    const list = String(await bench.client.client('LIST'))
    expect(list.match(/name=\S*staleproof/g)).toHaveLength(1)
  })
})
