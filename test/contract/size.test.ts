import { defineCatalog, family, shape } from 'staleproof'
import { expect, it, vi } from 'vitest'
import { describeCache } from './caches.ts'
import { Recorder } from './events.ts'

const catalog = defineCatalog('size', {
  bounded: family('bounded:{name}', { value: shape<string>(), ttl: '30s', maxValueBytes: '1kb' }),
  wide: family('wide:{name}', { value: shape<string>(), ttl: '30s' }),
})

describeCache('sizes', (open) => {
  it('a value over the bound of its family is returned, not stored, counted', async () => {
    const recorder = new Recorder()
    const large = 'x'.repeat(1_025)
    const load = vi.fn(async () => large)
    const cache = await open(catalog, { sources: { bounded: load }, observers: [recorder] })
    const other = await open(catalog)
    expect(await cache.bounded.get('a')).toBe(large)
    await cache.settled()
    expect(await cache.bounded.get('a')).toBe(large)
    expect(load).toHaveBeenCalledTimes(2)
    await expect(other.bounded.get('a')).rejects.toMatchObject({ code: 'SP_NO_SOURCE' })
    expect(cache.stats().families.bounded?.stores.tooLarge).toBe(2)
    expect(recorder.of('fault')[0]?.error).toMatchObject({
      code: 'SP_VALUE_TOO_LARGE',
      expected: 'at most 1024 bytes',
      received: '1027 bytes',
    })
  })

  it('counts bytes, not characters', async () => {
    const cache = await open(catalog, { sources: { bounded: async () => '€'.repeat(400) } })
    await cache.bounded.get('a')
    await cache.settled()
    expect(cache.stats().families.bounded?.stores).toEqual({ tooLarge: 1 })
  })

  it('a value of a megabyte survives both tiers', async () => {
    const large = 'ü'.repeat(500_000)
    const writer = await open(catalog, { sources: { wide: async () => large } })
    const reader = await open(catalog)
    await writer.wide.get('a')
    await writer.settled()
    expect(await reader.wide.lookup('a')).toMatchObject({ from: 'redis', value: large })
  })

  it('more than 4 MB encoded is not stored by default', async () => {
    const cache = await open(catalog, { sources: { wide: async () => 'x'.repeat(4_194_304) } })
    await cache.wide.get('a')
    await cache.settled()
    expect(cache.stats().families.wide?.stores).toEqual({ tooLarge: 1 })
  })

  it('memory stays within its bytes and counts what it evicts', async () => {
    const load = { many: async (ids: readonly string[]) => ids.map(() => 'x'.repeat(4_000)) }
    const cache = await open(catalog, { sources: { wide: load }, memory: { maxBytes: '100kb' } })
    for (let batch = 0; batch < 5; batch++) {
      await cache.wide.getMany(Array.from({ length: 10 }, (_, index) => `${batch}.${index}`))
      await cache.settled()
      expect(cache.stats().memory.bytes).toBeLessThanOrEqual(100 * 1024)
    }
    const { memory } = cache.stats()
    expect(memory.entries).toBeGreaterThan(5)
    expect(memory.evictions.bytes + memory.entries).toBe(50)
  })

  it('memory stays within its entries', async () => {
    const load = { many: async (ids: readonly string[]) => ids.map(() => 'x') }
    const cache = await open(catalog, { sources: { wide: load }, memory: { maxEntries: 10 } })
    await cache.wide.getMany(Array.from({ length: 40 }, (_, index) => `${index}`))
    await cache.settled()
    expect(cache.stats().memory).toMatchObject({ entries: 10, evictions: { entries: 30 } })
  })

  it('an entry over an eighth of the memory is not admitted, but stored', async () => {
    const load = vi.fn(async () => 'x'.repeat(20_000))
    const cache = await open(catalog, { sources: { wide: load }, memory: { maxBytes: '100kb' } })
    await cache.wide.get('a')
    await cache.settled()
    expect(cache.wide.peek('a')).toBeUndefined()
    expect(await cache.wide.lookup('a')).toMatchObject({ from: 'redis' })
    expect(load).toHaveBeenCalledTimes(1)
  })

  it('has 64 MB of memory by default', async () => {
    const cache = await open(catalog)
    const bytesMax = 64 * 1024 * 1024
    expect(cache.stats().memory).toMatchObject({ entries: 0, bytes: 0, bytesMax })
  })
})
