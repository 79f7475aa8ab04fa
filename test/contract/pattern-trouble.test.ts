/** Patterns that end early, and what they meet on their way: loads, quarantines, odd ids. */
import { defineCatalog, family, isStaleproofError, shape } from 'staleproof'
import { expect, it, vi } from 'vitest'
import { describeCache, describeRedis } from './caches.ts'
import { HeldSource } from './sources.ts'

const catalog = defineCatalog('patterns', {
  item: family('item:{name}', { value: shape<number>(), ttl: '30s' }),
  pair: family('pair:{left}:{right}', { value: shape<number>(), ttl: '30s' }),
})
const many = { many: async (ids: readonly unknown[]) => ids.map(() => 1) }
const sources = { item: many, pair: many }

describeCache('a pattern', (open) => {
  it('refuses the store of a load in another process', async () => {
    const source = new HeldSource<string, number>()
    const slow = await open(catalog, { sources: { item: source.load } })
    const cache = await open(catalog, { sources })
    const early = slow.item.get('a')
    await vi.waitUntil(() => source.calls.length === 1)
    await cache.invalidatePattern('item:*')
    source.call(0).answer(0)
    expect(await early).toBe(0)
    await slow.settled()
    expect(slow.item.peek('a')).toBeUndefined()
    expect(await cache.item.lookup('a')).toMatchObject({ from: 'source', value: 1 })
  })

  it('leaves the quarantine of a writer alone', async () => {
    const [writer, other] = [await open(catalog, { sources }), await open(catalog, { sources })]
    await writer.mutate([writer.item.key('a')], async () => {
      await other.invalidatePattern('item:*')
      expect(await other.item.lookup('a')).toMatchObject({ why: 'quarantined' })
    })
    await writer.settled()
    expect((await other.item.lookup('a')).why).not.toBe('quarantined')
  })

  it.each(['*', '?', '[ab]', 'a*', '\\', '^a', '%2A'])(
    'with the id %j matches it alone',
    async (id) => {
      const cache = await open(catalog, { sources })
      const names = ['a', 'b', 'ab', 'a*', '*', '?', '[ab]', '\\', '^a', '%2A', '']
      const pairs = ['a', id].map((right) => ({ left: 'x', right }))
      await Promise.all([cache.item.getMany(names), cache.pair.getMany(pairs)])
      await cache.settled()
      await cache.invalidatePattern(cache.item.pattern({ name: id }))
      await cache.invalidatePattern(cache.pair.pattern({ right: id }))
      const held = await cache.item.lookupMany(names, { consistency: 'strict' })
      const gone = names.filter((_, index) => held[index]?.from === 'source')
      expect(gone).toEqual([id])
      const heldPairs = await cache.pair.lookupMany(pairs, { consistency: 'strict' })
      expect(heldPairs.map(({ from }) => from)).toEqual(['redis', 'source'])
    },
  )
})

describeRedis('a pattern', (bench) => {
  it('that is ended between two batches has done what it did and left the rest', async () => {
    const names = Array.from({ length: 2_000 }, (_, index) => `n${index}`)
    const [cache, other] = [
      await bench.open(catalog, { sources }),
      await bench.open(catalog, { sources }),
    ]
    await cache.item.getMany(names)
    await cache.settled()
    const controller = new AbortController()
    cache.observe({
      notify(event) {
        // The first batch has been said.
        if (event.kind === 'invalidate' && event.via === 'message') controller.abort()
      },
    })
    const sweep = cache.invalidatePattern('item:*', { signal: controller.signal })
    const error = await sweep.catch((reason: unknown) => reason)
    expect(isStaleproofError(error, 'SP_ABORTED')).toBe(true)
    const doneCount = Number(/(\d+) keys/.exec(String(error))?.[1])
    expect(doneCount).toBeGreaterThanOrEqual(25)
    expect(doneCount).toBeLessThan(names.length)
    const outcomes = await other.item.lookupMany(names, { consistency: 'strict' })
    const keptCount = outcomes.filter(({ from }) => from === 'redis').length
    expect(keptCount).toBe(names.length - doneCount)
    expect(cache.pending()).toEqual([])
  })
})
