/** Invalidations of one tick, or of a window, are few script calls and few messages. */
import { type Cache, defineCatalog, family, shape } from 'staleproof'
import { expect, it } from 'vitest'
import { describeCache, describeRedis } from './caches.ts'
import { Recorder } from './events.ts'

const catalog = defineCatalog('coalescing', {
  item: family('item:{id:int}', { value: shape<number>(), ttl: '30s' }),
  quote: family('quote:{id:int}', {
    value: shape<{ seq: number }>(),
    ttl: '30s',
    order: ({ seq }) => seq,
    setOnly: true,
  }),
})
type Quotes = Cache<typeof catalog.families>['quote']
const ids = Array.from({ length: 1_000 }, (_, id) => id)
const sources = { item: { many: async (asked: readonly number[]) => [...asked] } }

describeCache('invalidations of one tick', (open) => {
  it('have a receipt each, of their own keys', async () => {
    const cache = await open(catalog)
    const some = [1, 2, 3]
    const receipts = await Promise.all(
      some.map((id) => cache.item.invalidate([id, id + 10], { reason: 'test' })),
    )
    expect(receipts.map(({ keys }) => keys)).toEqual([
      ['item:1', 'item:11'],
      ['item:2', 'item:12'],
      ['item:3', 'item:13'],
    ])
  })

  it('are told to observers one by one, each with its reason', async () => {
    const recorder = new Recorder()
    const cache = await open(catalog, { observers: [recorder] })
    await Promise.all(['a', 'b'].map((reason, id) => cache.item.invalidate(id, { reason })))
    const called = recorder.of('invalidate').filter(({ via }) => via === 'call')
    const told = called.map(({ keys, reason }) => [keys, reason])
    expect(told).toEqual([
      [['item:0'], 'a'],
      [['item:1'], 'b'],
    ])
  })

  it('drop what this process holds at the call, with a window too', async () => {
    const cache = await open(catalog, { sources, coalesce: '100ms' })
    await cache.item.getMany([1, 2])
    await cache.settled()
    await expect.poll(() => cache.item.peek(2)).toBe(2)
    const invalidating = cache.item.invalidate([1, 2])
    expect([cache.item.peek(1), cache.item.peek(2)]).toEqual([undefined, undefined])
    await invalidating
  })

  it('leave in the order of the calls: a set behind one is not removed by it', async () => {
    const cache = await open(catalog, { coalesce: '100ms' })
    await cache.quote.set(1, { seq: 1 })
    const invalidating = cache.quote.invalidate(1)
    expect(await cache.quote.set(1, { seq: 2 })).toMatchObject({ stored: true })
    await invalidating
    expect(await cache.quote.get(1)).toEqual({ seq: 2 })
  })

  it.each<[string, (quote: Quotes) => Promise<unknown>]>([
    ['of its key', (quote) => quote.invalidate(1)],
    ['with a barrier', (quote) => quote.invalidate(1, { barrier: true })],
    ['of its family', (quote) => quote.clear()],
  ])('leave in the order of the calls: behind a set one %s removes it', async (_, invalidate) => {
    const cache = await open(catalog)
    // The scripts are known: none of them is sent a second time, behind the other.
    await invalidate(cache.quote)
    await cache.quote.set(1, { seq: 1 })
    const setting = cache.quote.set(1, { seq: 2 })
    const invalidating = invalidate(cache.quote)
    expect(await setting).toMatchObject({ stored: true })
    await invalidating
    await expect(cache.quote.get(1)).rejects.toMatchObject({ code: 'SP_NO_SOURCE' })
  })

  it('that wait in a window are said when the cache closes', async () => {
    const [one, two] = [
      await open(catalog, { coalesce: '100ms' }),
      await open(catalog, { sources }),
    ]
    await two.item.getMany([1])
    await two.settled()
    const invalidating = one.item.invalidate(1)
    await one.close()
    expect((await invalidating).pending).toEqual([])
  })
})

describeRedis('a thousand invalidations', (bench) => {
  const spent = async (
    run: () => Promise<unknown>,
  ): Promise<{ scripts: number; messages: number }> => {
    await bench.client.config('RESETSTAT')
    await run()
    const stats = await bench.client.info('commandstats')
    const callsOf = (name: string) =>
      Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(stats)?.[1] ?? 0)
    return { scripts: callsOf('evalsha'), messages: callsOf('publish') }
  }
  /** So that no beat is counted. */
  const calm = { trust: '30s' } as const

  it('one by one in one tick are the first, and four calls and messages more', async () => {
    const cache = await bench.open(catalog, calm)
    await cache.item.invalidate(0)
    const cost = await spent(() => Promise.all(ids.map((id) => cache.item.invalidate(id))))
    expect(cost).toEqual({ scripts: 5, messages: 5 })
  })

  it('of one key in many ticks of a window are one', async () => {
    const cache = await bench.open(catalog, { ...calm, coalesce: '100ms' })
    await cache.item.invalidate(0)
    const cost = await spent(async () => {
      const calls: Promise<unknown>[] = []
      for (let tick = 0; tick < 10; tick++) {
        for (let call = 0; call < 100; call++) calls.push(cache.item.invalidate(1))
        await Promise.resolve()
      }
      await Promise.all(calls)
    })
    expect(cost).toEqual({ scripts: 1, messages: 1 })
  })

  it('by mutate share their releases', async () => {
    const cache = await bench.open(catalog, { ...calm, coalesce: '20ms' })
    await cache.item.invalidate(0)
    const keys = ids.slice(0, 200).map((id) => cache.item.key(id))
    const cost = await spent(async () => {
      await Promise.all(keys.map((key) => cache.mutate([key], async () => undefined)))
      await cache.settled()
    })
    // A quarantine for each, and its message; the releases are together.
    expect(cost.scripts).toBeLessThan(200 + 20)
  })
})
