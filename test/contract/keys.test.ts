import { defineCatalog, family, shape } from 'staleproof'
import { expect, it } from 'vitest'
import { describeCache, describeRedis } from './caches.ts'

const value = shape<number>()
const catalog = defineCatalog('keys', {
  positions: family('api:positions:{userId:int}', { value, ttl: '30s' }),
  quote: family('quote:{marketId}:{side}', { value, ttl: '30s' }),
  leaders: family('api:leaders', { value, ttl: '30s' }),
})

describeCache('keys and patterns', (open) => {
  it('show family and text', async () => {
    const cache = await open(catalog)
    expect(cache.positions.key(7)).toEqual({ family: 'positions', text: 'api:positions:7' })
    expect(cache.quote.key({ marketId: 'a:b', side: 'yes no' }).text).toBe('quote:a%3Ab:yes%20no')
    expect(Object.isFrozen(cache.leaders.key())).toBe(true)
  })

  it('match what is given and anything else', async () => {
    const cache = await open(catalog)
    expect(cache.positions.pattern()).toBe('api:positions:*')
    expect(cache.positions.pattern({ userId: 7 })).toBe('api:positions:7')
    expect(cache.quote.pattern({ side: 'a*' })).toBe('quote:*:a%2A')
    expect(cache.leaders.pattern()).toBe('api:leaders')
  })

  it.each([{ user: 1 }, { userId: 1, more: 2 }, 7])(
    'refuse what the template has not (%#)',
    async (fields) => {
      const cache = await open(catalog)
      const pattern = () =>
        cache.family('positions').pattern(fields as Readonly<Record<string, unknown>>)
      expect(pattern).toThrow(expect.objectContaining({ code: 'SP_PATTERN_INVALID' }))
    },
  )

  it('of several families are invalidated together, each once', async () => {
    const load = async () => 1
    const sources = { positions: load, quote: load, leaders: load }
    const cache = await open(catalog, { sources })
    const quote = { marketId: 'm', side: 'yes' }
    await Promise.all([cache.positions.get(7), cache.quote.get(quote), cache.leaders.get()])
    await cache.settled()
    const keys = [cache.positions.key(7), cache.quote.key(quote), cache.positions.key(7)]
    const receipt = await cache.invalidate(keys, { reason: 'trade' })
    expect([...receipt.keys].sort()).toEqual(['api:positions:7', 'quote:m:yes'])
    expect(cache.positions.peek(7)).toBeUndefined()
    expect(cache.quote.peek(quote)).toBeUndefined()
    expect(cache.leaders.peek()).toBe(1)
  })

  it.each([
    [{ family: 'positions', text: 'quote:a:b' }],
    [{ family: 'nobody', text: 'api:positions:7' }],
    [{ family: 'positions', text: 'api:positions:*' }],
  ])('not made by this catalog are refused (%#)', async (key) => {
    const cache = await open(catalog)
    await expect(cache.invalidate([key])).rejects.toMatchObject({ code: 'SP_ID_TYPE' })
  })

  it('of an empty list are no work', async () => {
    const cache = await open(catalog)
    expect(await cache.invalidate([])).toMatchObject({ keys: [], pending: [] })
    expect(await cache.positions.invalidate([])).toMatchObject({ keys: [], pending: [] })
  })
})

describeRedis('a key in Redis', (bench) => {
  it('ends with the text of its template and begins with the namespace', async () => {
    const cache = await bench.open(catalog, { sources: { positions: async () => 1 } })
    await cache.positions.get(7)
    await cache.settled()
    const slot = `{${bench.namespace}:0}:k:api:positions:7`
    expect(await bench.client.exists(slot)).toBe(1)
    await cache.positions.invalidate(7)
    expect(await bench.client.exists(slot)).toBe(0)
  })

  it('of another namespace is another key', async () => {
    const [ours, theirs] = [1, 2]
    const one = await bench.open(catalog, { sources: { leaders: async () => ours } })
    const two = await bench.open(catalog, {
      namespace: `${bench.namespace}-staging`,
      sources: { leaders: async () => theirs },
    })
    expect(await one.leaders.get()).toBe(ours)
    await one.settled()
    expect(await two.leaders.get()).toBe(theirs)
    await two.settled()
    await two.leaders.invalidate()
    expect(one.leaders.peek()).toBe(ours)
  })
})
