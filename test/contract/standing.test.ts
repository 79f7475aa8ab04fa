/** Health, statistics and what is pending. */
import { defineCatalog, family, shape } from 'staleproof'
import { expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeCache } from './caches.ts'

const catalog = defineCatalog('standing', {
  item: family('item:{name}', { value: shape<number>(), ttl: '30s' }),
  idle: family('idle', { value: shape<number>(), ttl: '30s' }),
})

describeCache('the standing of a cache', (open) => {
  it('is ok from the start', async () => {
    const beforeMs = Date.now()
    const cache = await open(catalog)
    const { state, reasons, sinceMs } = cache.health()
    expect({ state, reasons }).toEqual({ state: 'ok', reasons: [] })
    expect(sinceMs).toBeGreaterThanOrEqual(beforeMs - 5)
    expect(sinceMs).toBeLessThanOrEqual(Date.now() + 5)
  })

  it('counts reads by where the answer came from', async () => {
    const other = await open(catalog, { sources: { item: async () => 1 } })
    await other.item.get('redis')
    await other.settled()
    const cache = await open(catalog, {
      sources: {
        item: async (id) => {
          if (id === 'bad') throw new Error('bad')
          return id.length
        },
      },
    })
    await Promise.all([cache.item.get('a'), cache.item.get('a')])
    await cache.settled()
    await cache.item.get('a')
    await cache.item.get('redis')
    await cache.item.get('bad').catch(() => {})
    await cache.settled()
    await cache.item.invalidate(['a', 'b'])
    expect(cache.stats().families.item).toEqual({
      reads: { memory: 1, redis: 1, source: 1, joined: 1, stale: 0, none: 1 },
      warmed: 0,
      loads: 1,
      loadErrors: 1,
      stores: { stored: 1 },
      sets: 0,
      invalidations: 2,
    })
    expect(cache.stats().families.idle?.reads.memory).toBe(0)
  })

  it('shows loads under way', async () => {
    let release = (): void => {}
    const held = new Promise<number>((resolve) => {
      release = () => resolve(1)
    })
    const cache = await open(catalog, { sources: { item: () => held } })
    const read = cache.item.get('a')
    await new Promise((resolve) => setImmediate(resolve))
    expect(cache.stats().flights).toBe(1)
    release()
    await read
    await cache.settled()
    expect(cache.stats().flights).toBe(0)
  })

  it('has nothing pending, no fault and no lost trust when nothing has happened', async () => {
    const cache = await open(catalog)
    expect(cache.pending()).toEqual([])
    expect(cache.stats()).toMatchObject({
      flights: 0,
      delivery: { pending: 0, oldestAgeMs: undefined, late: 0, replayed: 0, spooled: 0 },
      observerErrors: 0,
      memory: { entries: 0, bytes: 0 },
    })
  })

  it('is a copy that later events leave as it is', async () => {
    const cache = await open(catalog, { sources: { item: async () => 1 } })
    const before = cache.stats()
    await cache.item.get('a')
    expect(before.families.item?.reads.source).toBe(0)
    expect(cache.stats().families.item?.reads.source).toBe(1)
  })

  it('measures how long invalidations take to arrive, and what the next reads met', async () => {
    const sources = { item: async () => 1 }
    const [writer, reader] = [await open(catalog, { sources }), await open(catalog, { sources })]
    await reader.item.get('a')
    await writer.item.invalidate('a')
    await eventually('the message', () => reader.stats().coherence.lag.count === 1)
    await reader.item.get('a')
    await reader.settled()
    await writer.item.get('a')
    for (const cache of [writer, reader]) {
      const { lag } = cache.stats().coherence
      expect(lag.count).toBe(1)
      expect(lag.maxMs).toBeLessThan(10_000)
      expect(lag.p50Ms).toBeLessThanOrEqual(lag.maxMs)
    }
    expect(reader.stats().coherence.afterInvalidation).toEqual({ hits: 0, misses: 1 })
    expect(writer.stats().coherence.afterInvalidation).toEqual({ hits: 1, misses: 0 })
  })
})
