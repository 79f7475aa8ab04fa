import { defineCatalog, family, shape } from 'staleproof'
import { expect, it, vi } from 'vitest'
import { describeCache } from './caches.ts'
import { HeldSource } from './sources.ts'

const catalog = defineCatalog('consistency', {
  item: family('item:{name}', { value: shape<number>(), ttl: '30s' }),
  other: family('other:{name}', { value: shape<number>(), ttl: '30s' }),
})

describeCache('consistency', (open) => {
  it('strict proves what memory holds without loading or moving it', async () => {
    const load = vi.fn(async () => 1)
    const cache = await open(catalog, { sources: { item: load } })
    await cache.item.get('a')
    await cache.settled()
    expect(await cache.item.lookup('a', { consistency: 'strict' })).toMatchObject({
      from: 'redis',
      why: 'revalidated',
      value: 1,
    })
    expect(load).toHaveBeenCalledTimes(1)
  })

  it('strict sees what another cache invalidated a moment ago', async () => {
    let value = 1
    const load = async () => value
    const writer = await open(catalog, { sources: { item: load } })
    const reader = await open(catalog, { sources: { item: load } })
    for (value = 1; value <= 50; value++) {
      await writer.item.invalidate('a')
      expect(await reader.item.get('a', { consistency: 'strict' })).toBe(value)
    }
  })

  it('strict does not join a load that has begun', async () => {
    const source = new HeldSource<string, number>()
    const cache = await open(catalog, { sources: { item: source.load } })
    const early = cache.item.get('a')
    await vi.waitUntil(() => source.calls.length === 1)
    await cache.item.invalidate('a')
    const strict = cache.item.get('a', { consistency: 'strict' })
    await vi.waitUntil(() => source.calls.length === 2)
    source.call(1).answer(2)
    expect(await strict).toBe(2)
    source.call(0).answer(1)
    expect(await early).toBe(1)
    await cache.settled()
    expect(await cache.item.get('a')).toBe(2)
    expect(source.calls).toHaveLength(2)
  })

  it('fresh loads now, and what it loaded is stored for all', async () => {
    let value = 0
    const load = vi.fn(async () => ++value)
    const cache = await open(catalog, { sources: { item: load } })
    const other = await open(catalog)
    await cache.item.get('a')
    await cache.settled()
    expect(await cache.item.lookup('a', { consistency: 'fresh' })).toMatchObject({
      from: 'source',
      why: 'asked',
      value: 2,
    })
    await cache.settled()
    expect(await other.item.get('a')).toBe(2)
    expect(await cache.item.get('a')).toBe(2)
    expect(load).toHaveBeenCalledTimes(2)
  })

  it('after a receipt, another cache reads the write at once, later from memory', async () => {
    let value = 1
    const load = async () => value
    const writer = await open(catalog, { sources: { item: load } })
    const reader = await open(catalog, { sources: { item: load } })
    for (value = 1; value <= 50; value++) {
      const { token } = await writer.item.invalidate('a')
      expect(await reader.item.get('a', { after: token })).toBe(value)
    }
    const receipt = await writer.item.invalidate('b')
    await vi.waitUntil(async () => {
      return (await reader.item.lookup('b', { after: receipt })).from === 'memory'
    })
  })

  it('after a receipt of its own, a cache needs no more than memory', async () => {
    const cache = await open(catalog, { sources: { item: async () => 1 } })
    await cache.item.get('a')
    const { token } = await cache.item.invalidate('a')
    await vi.waitUntil(async () => {
      return (await cache.item.lookup('a', { after: token })).from === 'memory'
    })
  })

  it.each(['', 'x', '2.0', 'a.b.c', '\n', 'A'.repeat(5_000)])(
    'refuses what is no token (%#)',
    async (after) => {
      const cache = await open(catalog, { sources: { item: async () => 1 } })
      await expect(cache.item.get('a', { after })).rejects.toMatchObject({
        code: 'SP_TOKEN_INVALID',
      })
    },
  )

  it('refuses a consistency that does not exist', async () => {
    const cache = await open(catalog, { sources: { item: async () => 1 } })
    const options = JSON.parse('{"consistency":"eventual"}')
    await expect(cache.item.get('a', options)).rejects.toMatchObject({ code: 'SP_OPTION_INVALID' })
  })

  it('refuses an option that does not exist, naming the nearest', async () => {
    const cache = await open(catalog, { sources: { item: async () => 1 } })
    const options = JSON.parse('{"consistancy":"strict"}')
    await expect(cache.item.get('a', options)).rejects.toMatchObject({
      code: 'SP_OPTION_UNKNOWN',
      expected: "'consistency'",
    })
  })
})
