import { defineCatalog, family, shape } from 'staleproof'
import { expect, it } from 'vitest'
import { describeCache } from './caches.ts'

const catalog = defineCatalog('barrier', {
  item: family('item:{name}', { value: shape<number>(), ttl: '30s', tags: () => ['all'] }),
})
const trust = '300ms'

describeCache('barrier', (open) => {
  it('resolves when no process serves the old value any more', async () => {
    let value = 1
    const sources = { item: async () => value }
    const [writer, reader] = [
      await open(catalog, { sources, trust }),
      await open(catalog, { sources, trust }),
    ]
    const ways = [
      () => writer.item.invalidate('a', { barrier: true }),
      () => writer.invalidateTag('all', { barrier: true }),
      () => writer.item.clear({ barrier: true }),
      () => writer.clear({ barrier: true }),
      () => writer.invalidatePattern('item:*', { barrier: true }),
    ]
    for (const invalidate of ways) {
      await reader.item.get('a')
      await reader.settled()
      value++
      const { barrier } = await invalidate()
      expect(reader.item.peek('a')).toBeUndefined()
      expect(await reader.item.get('a')).toBe(value)
      expect(barrier?.waitedFor).toHaveLength(2)
      expect(barrier?.silent).toEqual([])
    }
  })

  it('waits for trust to run out where the registry may have lost somebody', async () => {
    const cache = await open(catalog, { trust })
    const { barrier } = await cache.item.invalidate('a', { barrier: true })
    expect(barrier?.ms).toBeGreaterThanOrEqual(300)
  })

  it('does not wait for those who have closed, or hold nothing', async () => {
    const cache = await open(catalog, { trust })
    await open(catalog, { trust, memory: false })
    const closed = await open(catalog, { trust })
    await closed.close()
    const { barrier } = await cache.item.invalidate('a', { barrier: true })
    expect(barrier?.waitedFor).toHaveLength(1)
  })
})
