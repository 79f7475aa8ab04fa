import { defineCatalog, family, shape } from 'staleproof'
import { expect, it } from 'vitest'
import { describeCache } from './caches.ts'

const catalog = defineCatalog('sizing', {
  item: family('item:{name}', { value: shape<number>(), ttl: '30s' }),
})

describeCache('the sizes of families', (open) => {
  it('are no matter unless somebody asks', async () => {
    const cache = await open(catalog)
    expect(cache.stats().memory.sizing).toBeUndefined()
  })

  it('are advised in the numbers of memory, and nothing else changes', async () => {
    const sources = { item: async () => 1 }
    const cache = await open(catalog, { sources, memory: { sizing: 'advise' } })
    expect(await cache.item.get('a')).toBe(1)
    await cache.settled()
    expect(await cache.item.lookup('a')).toMatchObject({ from: 'memory', value: 1 })
    const { memory } = cache.stats()
    expect(memory).toMatchObject({ entries: 1, bytesMax: 64 * 1_024 * 1_024 })
    expect(memory.sizing).toEqual({ mode: 'advise', gain: 0, families: {}, curve: [] })
  })
})
