import { defineCatalog, family, shape } from 'staleproof'
import { expect, it, vi } from 'vitest'
import { describeCache, describeRedis } from './caches.ts'
import { HeldSource } from './sources.ts'

const catalog = defineCatalog('patterns', {
  market: family('market:{country}:{name}', { value: shape<number>(), ttl: '30s' }),
  item: family('item:{name}', { value: shape<number>(), ttl: '30s' }),
})

const sources = { market: async () => 1, item: async () => 1 }
const [at, de] = [
  { country: 'at', name: 'a' },
  { country: 'de', name: 'a' },
]

describeCache('invalidatePattern', (open) => {
  it('voids what matches in every tier and process and leaves everything else', async () => {
    const [here, there] = [await open(catalog, { sources }), await open(catalog, { sources })]
    for (const cache of [here, there]) {
      await Promise.all([cache.market.get(at), cache.market.get(de), cache.item.get('at')])
      await cache.settled()
    }
    const pattern = here.market.pattern({ country: 'at' })
    const receipt = await here.invalidatePattern(pattern)
    expect(receipt).toMatchObject({ keys: [pattern], pending: [], reached: 2 })
    expect([here.market.peek(at), here.market.peek(de)]).toEqual([undefined, 1])
    await vi.waitUntil(() => there.market.peek(at) === undefined)
    expect([there.market.peek(de), there.item.peek('at')]).toEqual([1, 1])
    expect(await here.market.lookup(at)).toMatchObject({ from: 'source' })
    const kept = await here.market.lookup(de, { consistency: 'strict' })
    expect(kept).toMatchObject({ from: 'redis' })
  })

  it('takes stars and brackets in ids for what they are', async () => {
    const cache = await open(catalog, { sources })
    await cache.item.getMany(['*', 'a', '[a]', '?'])
    await cache.settled()
    await cache.invalidatePattern(cache.item.pattern({ name: '*' }))
    expect(['*', 'a', '[a]', '?'].map((name) => cache.item.peek(name))).toEqual([
      undefined,
      1,
      1,
      1,
    ])
  })

  it('keeps a load that began before it out of every tier', async () => {
    const source = new HeldSource<string, number>()
    const cache = await open(catalog, { sources: { item: source.load } })
    const early = cache.item.get('a')
    await vi.waitUntil(() => source.calls.length === 1)
    await cache.invalidatePattern('item:*')
    source.call(0).answer(1)
    expect(await early).toBe(1)
    await cache.settled()
    expect(cache.item.peek('a')).toBeUndefined()
    const late = cache.item.get('a')
    await vi.waitUntil(() => source.calls.length === 2)
    source.call(1).answer(2)
    expect(await late).toBe(2)
  })

  it('ends between two batches when its signal fires, and says how far it came', async () => {
    const cache = await open(catalog, { sources })
    await cache.item.get('a')
    await cache.settled()
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(cache.invalidatePattern('item:*', { signal })).rejects.toMatchObject({
      code: 'SP_ABORTED',
      message: expect.stringContaining('0 keys'),
    })
    expect(await cache.item.lookup('a')).toMatchObject({ from: 'redis' })
  })

  it('refuses what would drop everything, and what is no pattern of ours', async () => {
    const cache = await open(catalog)
    for (const pattern of ['*', '**', '', 'item:[ab]', 'item:\\*']) {
      await expect(cache.invalidatePattern(pattern)).rejects.toMatchObject({
        code: 'SP_PATTERN_INVALID',
      })
    }
  })
})

describeRedis('invalidatePattern', (bench) => {
  it('reaches memories also where Redis has lost the slot', async () => {
    const here = await bench.open(catalog, { sources })
    const there = await bench.open(catalog, { sources })
    await there.item.get('a')
    await there.settled()
    await bench.client.del(`{${bench.namespace}:0}:k:item:a`)
    await here.invalidatePattern('item:*')
    await vi.waitUntil(() => there.item.peek('a') === undefined)
  })
})
