import { defineCatalog, family, shape } from 'staleproof'
import { expect, it, vi } from 'vitest'
import { describeCache } from './caches.ts'
import { HeldSource } from './sources.ts'

const catalog = defineCatalog('reading', {
  item: family('item:{name}', { value: shape<number>(), ttl: '30s' }),
})

describeCache('reading', (open) => {
  it('goes to memory, then to the second tier, then to the source, and says so', async () => {
    const writer = await open(catalog, { sources: { item: async () => 5 } })
    const reader = await open(catalog)
    expect(await writer.item.lookup('a')).toMatchObject({
      from: 'source',
      why: 'absent',
      stale: false,
      value: 5,
    })
    await writer.settled()
    expect(await reader.item.lookup('a')).toMatchObject({ from: 'redis', why: 'stored', value: 5 })
    expect(await reader.item.lookup('a')).toMatchObject({ from: 'memory', why: 'fresh', value: 5 })
    const { ageMs } = await reader.item.lookup('a')
    expect(ageMs).toBeGreaterThanOrEqual(0)
    expect(ageMs).toBeLessThan(5_000)
  })

  it('loads once for all who ask at the same time', async () => {
    const source = new HeldSource<string, number>()
    const cache = await open(catalog, { sources: { item: source.load } })
    const first = cache.item.lookup('a')
    await vi.waitUntil(() => source.calls.length === 1)
    const others = Array.from({ length: 100 }, () => cache.item.lookup('a'))
    source.call().answer(5)
    expect(await first).toMatchObject({ from: 'source', value: 5 })
    for (const outcome of await Promise.all(others)) {
      expect(outcome).toMatchObject({ from: 'joined', why: 'absent', value: 5 })
    }
    expect(source.calls).toHaveLength(1)
  })

  it('waits for the load of another cache and reads what that has stored', async () => {
    const source = new HeldSource<string, number>()
    const load = vi.fn(async (id: string) => id.length)
    const one = await open(catalog, { sources: { item: source.load } })
    const two = await open(catalog, { sources: { item: load } })
    const first = one.item.get('a')
    await vi.waitUntil(() => source.calls.length === 1)
    const second = two.item.lookup('a')
    // What it asks for next is answered after it was told that the first is being loaded.
    await two.item.get('next')
    source.call().answer(5)
    expect(await first).toBe(5)
    expect(await second).toMatchObject({ from: 'redis', why: 'waited', value: 5 })
    expect(load.mock.calls.map(([id]) => id)).toEqual(['next'])
  })

  it('resolves get before the value is stored, and settled after', async () => {
    const cache = await open(catalog, { sources: { item: async () => 5 } })
    await cache.item.get('a')
    await cache.settled()
    expect(cache.item.peek('a')).toBe(5)
    expect(cache.stats().flights).toBe(0)
  })

  it('peeks without asking anybody', async () => {
    const load = vi.fn(async () => 5)
    const cache = await open(catalog, { sources: { item: load } })
    expect(cache.item.peek('a')).toBeUndefined()
    expect(load).not.toHaveBeenCalled()
  })

  it('knows its families by name', async () => {
    const cache = await open(catalog, { sources: { item: async () => 5 } })
    const view = cache.family('item')
    expect(view).toMatchObject({ name: 'item', template: 'item:{name}', hasSource: true })
    expect(await view.get('a')).toBe(5)
    expect(() => cache.family('itme')).toThrow(
      expect.objectContaining({ code: 'SP_OPTION_INVALID', expected: 'one of item' }),
    )
  })

  it('refreshes: loads now, shares the load, and tells everybody else by the store', async () => {
    let value = 1
    const load = vi.fn(async () => value)
    const cache = await open(catalog, { sources: { item: load } })
    await cache.item.get('a')
    await cache.settled()
    value = 2
    expect(await cache.item.refresh('a')).toBe(2)
    await cache.settled()
    expect(cache.item.peek('a')).toBe(2)
    const other = await open(catalog)
    expect(await other.item.get('a')).toBe(2)
    expect(load).toHaveBeenCalledTimes(2)
  })

  it('shares a refresh among those who ask for it at once', async () => {
    const source = new HeldSource<string, number>()
    const cache = await open(catalog, { sources: { item: source.load } })
    const refreshed = Promise.all([cache.item.refresh('a'), cache.item.refresh('a')])
    await vi.waitUntil(() => source.calls.length > 0)
    source.call().answer(5)
    expect(await refreshed).toEqual([5, 5])
    expect(source.calls).toHaveLength(1)
  })

  it('keeps the old value where a refresh fails', async () => {
    const error = new Error('database away')
    const load = vi.fn(async () => 1).mockImplementationOnce(async () => 5)
    const cache = await open(catalog, { sources: { item: load } })
    await cache.item.get('a')
    await cache.settled()
    load.mockRejectedValueOnce(error)
    await expect(cache.item.refresh('a')).rejects.toBe(error)
    expect(cache.item.peek('a')).toBe(5)
    expect(await cache.item.lookup('a', { consistency: 'strict' })).toMatchObject({
      from: 'redis',
      value: 5,
    })
  })

  it('tells two refreshes that follow each other apart', async () => {
    let value = 0
    const cache = await open(catalog, { sources: { item: async () => ++value } })
    expect(await cache.item.refresh('a')).toBe(1)
    expect(await cache.item.refresh('a')).toBe(2)
    await cache.settled()
    expect(cache.item.peek('a')).toBe(2)
  })
})
