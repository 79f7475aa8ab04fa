import { defineCatalog, family, shape } from 'staleproof'
import { expect, it, vi } from 'vitest'
import { describeCache } from './caches.ts'
import { HeldSource, slowly } from './sources.ts'

const leaseTtl = 500
const catalog = defineCatalog('lease', {
  item: family('item:{name}', { value: shape<number>(), ttl: '30s' }),
})

describeCache('a lease', (open) => {
  it('is renewed for as long as the load runs, and others wait for it', async () => {
    const load = vi.fn(() => slowly(3 * leaseTtl, 7))
    const other = vi.fn(async (id: string) => id.length)
    const cache = await open(catalog, { sources: { item: load }, leaseTtl })
    const waiting = await open(catalog, { sources: { item: other }, leaseTtl })
    const first = cache.item.get('a')
    await vi.waitUntil(() => load.mock.calls.length === 1)
    expect(await waiting.item.lookup('a')).toMatchObject({ from: 'redis', why: 'waited', value: 7 })
    expect(await first).toBe(7)
    await cache.settled()
    expect(cache.stats().families.item?.stores).toEqual({ stored: 1 })
    expect(other).not.toHaveBeenCalled()
  })

  it('that a waiter has waited for too long fails it as its own load would', async () => {
    const source = new HeldSource<string, number>()
    const cache = await open(catalog, { sources: { item: source.load } })
    const hasty = await open(catalog, { sources: { item: async () => 1 }, loadTimeout: 200 })
    const first = cache.item.get('a')
    await vi.waitUntil(() => source.calls.length === 1)
    await expect(hasty.item.get('a')).rejects.toMatchObject({ code: 'SP_LOAD_TIMEOUT' })
    source.call().answer(5)
    expect(await first).toBe(5)
  })
})
