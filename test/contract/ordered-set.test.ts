import { type Cache, defineCatalog, family, joinTokens, shape } from 'staleproof'
import { expect, it, vi } from 'vitest'
import { describeCache } from './caches.ts'
import { Recorder } from './events.ts'
import { HeldSource } from './sources.ts'

interface Quote {
  readonly seq: number
  readonly price?: number
}
const order = (quote: Quote) => quote.seq
const catalog = defineCatalog('ordered', {
  quote: family('quote:{name}', { value: shape<Quote>(), ttl: '30s', order }),
  plain: family('plain:{name}', { value: shape<Quote>(), ttl: '30s' }),
  feed: family('feed:{name}', { value: shape<Quote>(), ttl: '30s', order, setOnly: true }),
  wide: family('wide:{name}', {
    value: shape<{ readonly seq: string }>(),
    ttl: '30s',
    setOnly: true,
    order: ({ seq }) => BigInt(seq),
  }),
})
type Families = typeof catalog extends { families: infer F } ? F : never

describeCache('ordered set', (open) => {
  it('replaces a lower one, and nothing else', async () => {
    const cache = await held(5)
    expect(await cache.quote.set('a', { seq: 6 })).toMatchObject({ stored: true, why: 'stored' })
    expect(await cache.quote.get('a')).toEqual({ seq: 6 })
    expect(await cache.quote.set('a', { seq: 6, price: 1 })).toMatchObject({
      stored: false,
      why: 'older',
    })
    expect(await cache.quote.set('a', { seq: 5 })).toMatchObject({ stored: false, why: 'older' })
    expect(await cache.quote.get('a', { consistency: 'strict' })).toEqual({ seq: 6 })
  })

  it('fills nothing where nothing is held', async () => {
    const cache = await open(catalog, { sources: { quote: async () => ({ seq: 1 }) } })
    expect(await cache.quote.set('a', { seq: 9 })).toMatchObject({ stored: false, why: 'notHeld' })
    expect(await cache.quote.lookup('a')).toMatchObject({ from: 'source', value: { seq: 1 } })
  })

  it('fills an empty slot where values enter by set alone', async () => {
    const writer = await open(catalog)
    const reader = await open(catalog)
    expect(await writer.feed.set('a', { seq: 3 })).toMatchObject({ stored: true, why: 'stored' })
    expect(await reader.feed.get('a')).toEqual({ seq: 3 })
    expect(await writer.feed.set('a', { seq: 4 })).toMatchObject({ stored: true, why: 'stored' })
    await vi.waitUntil(async () => (await reader.feed.get('a'))?.seq === 4)
  })

  it('never brings back what was invalidated, not even there', async () => {
    const cache = await open(catalog)
    await cache.feed.set('a', { seq: 5 })
    await cache.feed.invalidate('a')
    await expect(cache.feed.get('a')).rejects.toMatchObject({ code: 'SP_NO_SOURCE' })
    expect((await cache.feed.set('a', { seq: 5 })).stored).toBe(false)
    expect((await cache.feed.set('a', { seq: 4 })).stored).toBe(false)
    expect(await cache.feed.set('a', { seq: 6 })).toMatchObject({ stored: true, why: 'stored' })
  })

  it('raises the minimum of a load under way, whose lower value is not kept', async () => {
    const source = new HeldSource<string, Quote>()
    const cache = await open(catalog, { sources: { quote: source.load } })
    const read = cache.quote.get('a')
    await vi.waitUntil(() => source.calls.length === 1)
    expect(await cache.quote.set('a', { seq: 9 })).toMatchObject({ stored: false, why: 'notHeld' })
    source.call().answer({ seq: 8 })
    expect(await read).toEqual({ seq: 8 })
    await cache.settled()
    expect(cache.quote.peek('a')).toBeUndefined()
    expect(cache.stats().families.quote?.stores).toEqual({ older: 1 })
  })

  it('lets a load of at least that order be stored', async () => {
    const source = new HeldSource<string, Quote>()
    const cache = await open(catalog, { sources: { quote: source.load } })
    const reader = await open(catalog)
    const read = cache.quote.get('a')
    await vi.waitUntil(() => source.calls.length === 1)
    await cache.quote.set('a', { seq: 9 })
    source.call().answer({ seq: 9 })
    await read
    await cache.settled()
    expect(await reader.quote.get('a')).toEqual({ seq: 9 })
  })

  it('drops lower ones from other memories and keeps higher ones', async () => {
    const cache = await held(5)
    const other = await open(catalog)
    await other.quote.get('a')
    await cache.quote.set('a', { seq: 6 })
    await vi.waitUntil(async () => (await other.quote.get('a'))?.seq === 6)
    expect(await cache.quote.set('a', { seq: 2 })).toMatchObject({ stored: false, why: 'older' })
    expect(other.quote.peek('a')).toEqual({ seq: 6 })
  })

  it('returns a token with which reads elsewhere see its value, in any partition', async () => {
    const sources = { quote: async () => ({ seq: 1 }) }
    const [writer, reader] = await Promise.all(
      [1, 2].map(() => open(catalog, { sources, partitions: 4 })),
    )
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
    for (const name of names) await reader?.quote.get(name)
    await reader?.settled()
    const tokens = await Promise.all(
      names.map(async (name) => (await writer?.quote.set(name, { seq: 2 }))?.token ?? ''),
    )
    const after = joinTokens(tokens)
    const seen = await Promise.all(names.map((name) => reader?.quote.get(name, { after })))
    expect(seen).toEqual(names.map(() => ({ seq: 2 })))
    expect(new Set(tokens.map((token) => /^1\.(\w)~/.exec(token)?.[1])).size).toBeGreaterThan(1)
  })

  it('is told to observers', async () => {
    const recorder = new Recorder()
    const cache = await open(catalog, { service: 'feed', observers: [recorder] })
    await cache.feed.set('a', { seq: 1 }, { reason: 'tick' })
    await cache.feed.set('a', { seq: 1, price: 2 })
    const told = recorder.of('set').filter(({ via }) => via === 'call')
    expect(told.map(({ why, origin, reason }) => [why, origin, reason])).toEqual([
      ['stored', 'feed', 'tick'],
      ['older', 'feed', ''],
    ])
    expect(cache.stats().families.feed?.sets).toBe(2)
  })

  it('compares integers up to 2⁶³−1 exactly', async () => {
    const cache = await open(catalog)
    const most = '9223372036854775807'
    expect((await cache.wide.set('a', { seq: '9007199254740993' })).stored).toBe(true)
    expect((await cache.wide.set('a', { seq: '9007199254740992' })).stored).toBe(false)
    expect((await cache.wide.set('a', { seq: most })).stored).toBe(true)
    await expect(cache.wide.set('a', { seq: '9223372036854775808' })).rejects.toMatchObject({
      code: 'SP_ORDER_INVALID',
    })
  })

  it.each([-1, 1.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY])(
    'refuses the order %s',
    async (seq) => {
      const value = shape<number>()
      const bad = defineCatalog('bad', {
        quote: family('quote:{name}', { value, ttl: '30s', order: () => seq }),
      })
      const cache = await open(bad)
      await expect(cache.quote.set('a', 1)).rejects.toMatchObject({
        code: 'SP_ORDER_INVALID',
      })
    },
  )

  it('of a family that only set fills refuses a source', async () => {
    await expect(
      open(catalog, { sources: { feed: async () => ({ seq: 1 }) } }),
    ).rejects.toMatchObject({
      code: 'SP_OPTION_INVALID',
    })
  })

  it('needs a family with an order', async () => {
    const cache = await open(catalog)
    await expect(cache.plain.set('a', { seq: 1 })).rejects.toMatchObject({
      code: 'SP_ORDER_INVALID',
      family: 'plain',
    })
  })

  it('takes a shorter life, and refuses a longer one than the family has', async () => {
    const cache = await open(catalog)
    expect((await cache.feed.set('a', { seq: 1 }, { ttl: '2s' })).stored).toBe(true)
    await expect(cache.feed.set('a', { seq: 2 }, { ttl: '31s' })).rejects.toMatchObject({
      code: 'SP_OPTION_INVALID',
    })
    await expect(cache.feed.set('a', { seq: 2 }, { ttl: 0 })).rejects.toMatchObject({
      code: 'SP_OPTION_INVALID',
    })
  })

  /** A cache with a source whose memory and slot hold a quote of this order. */
  async function held(seq: number): Promise<Cache<Families>> {
    const cache = await open(catalog, { sources: { quote: async () => ({ seq }) } })
    await cache.quote.get('a')
    await cache.settled()
    return cache
  }

  it('keeps its order through a mutate: what was set only needs no quarantine', async () => {
    const cache = await open(catalog)
    await cache.feed.set('m', { seq: 5 })
    await cache.mutate([cache.feed.key('m')], async () => {
      expect(await cache.feed.set('m', { seq: 9 })).toMatchObject({ stored: true })
    })
    await cache.settled()
    expect(await cache.feed.set('m', { seq: 8 })).toMatchObject({ stored: false })
    expect(await cache.feed.set('m', { seq: 10 })).toMatchObject({ stored: true })
  })
})
