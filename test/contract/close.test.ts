import { defineCatalog, family, shape } from 'staleproof'
import { expect, it, vi } from 'vitest'
import { describeCache, describeRedis } from './caches.ts'
import { HeldSource } from './sources.ts'

const catalog = defineCatalog('close', {
  item: family('item:{name}', {
    value: shape<number>(),
    ttl: '30s',
    order: (value) => value,
  }),
})

describeCache('closing', (open) => {
  it('refuses everything that comes after it', async () => {
    const cache = await open(catalog, { sources: { item: async () => 1 } })
    await cache.item.get('a')
    await cache.close()
    const closed = { code: 'SP_CLOSED' }
    await expect(cache.item.get('a')).rejects.toMatchObject(closed)
    await expect(cache.item.getMany(['a'])).rejects.toMatchObject(closed)
    await expect(cache.item.refresh('a')).rejects.toMatchObject(closed)
    await expect(cache.item.set('a', 2)).rejects.toMatchObject(closed)
    await expect(cache.item.invalidate('a')).rejects.toMatchObject(closed)
    await expect(cache.invalidate([cache.item.key('a')])).rejects.toMatchObject(closed)
    expect(cache.item.peek('a')).toBeUndefined()
  })

  it('is idempotent', async () => {
    const cache = await open(catalog)
    const [first, second] = [cache.close(), cache.close()]
    expect(second).toBe(first)
    await first
    await cache.close()
  })

  it('gives loads a grace, in which they end as if nothing was', async () => {
    const source = new HeldSource<string, number>()
    const cache = await open(catalog, { sources: { item: source.load } })
    const read = cache.item.get('a')
    await vi.waitUntil(() => source.calls.length === 1)
    const closing = cache.close()
    expect(source.call().signal.aborted).toBe(false)
    source.call().answer(5)
    expect(await read).toBe(5)
    await closing
    await expect(cache.item.get('a')).rejects.toMatchObject({ code: 'SP_CLOSED' })
    expect(cache.item.peek('a')).toBeUndefined()
    const other = await open(catalog)
    expect(await other.item.lookup('a')).toMatchObject({
      from: expect.stringMatching(/redis|none/),
    })
  })

  it('fires the signal of loads that take longer, and rejects who waits', async () => {
    const source = new HeldSource<string, number>()
    const cache = await open(catalog, { sources: { item: source.load } })
    const read = cache.item.get('a')
    await vi.waitUntil(() => source.calls.length === 1)
    const startMs = performance.now()
    const closing = cache.close()
    await expect(read).rejects.toMatchObject({ code: 'SP_CLOSED' })
    await closing
    expect(source.call().signal.aborted).toBe(true)
    const tookMs = performance.now() - startMs
    expect(tookMs).toBeGreaterThan(900)
    expect(tookMs).toBeLessThan(2_500)
  })

  it('rejects who waits for the load of another process, and loads nothing instead', async () => {
    const source = new HeldSource<string, number>()
    const load = vi.fn(async (id: string) => id.length)
    const other = await open(catalog, { sources: { item: source.load } })
    const cache = await open(catalog, { sources: { item: load } })
    const theirs = other.item.get('a')
    await vi.waitUntil(() => source.calls.length === 1)
    const ours = cache.item.lookup('a')
    await cache.item.get('next')
    const startMs = performance.now()
    await cache.close()
    expect(performance.now() - startMs).toBeLessThan(2_500)
    expect(await ours).toMatchObject({ from: 'none', error: { code: 'SP_CLOSED' } })
    expect(load.mock.calls.map(([id]) => id)).toEqual(['next'])
    source.call().answer(1)
    expect(await theirs).toBe(1)
  })

  it('is what `await using` does', async () => {
    const left = await (async () => {
      await using cache = await open(catalog, { sources: { item: async () => 1 } })
      expect(await cache.item.get('a')).toBe(1)
      return cache
    })()
    await expect(left.item.get('a')).rejects.toMatchObject({ code: 'SP_CLOSED' })
  })

  it('leaves neither timer nor socket', async () => {
    const before = resources()
    const caches = [
      await open(catalog, { sources: { item: async () => 1 } }),
      await open(catalog, { sources: { item: async () => 1 } }),
    ]
    await Promise.all(caches.map((cache) => cache.item.get('a', { timeout: '20s' })))
    await Promise.all(caches.map((cache) => cache.close()))
    await vi.waitUntil(() => resources() <= before)
  })
})

describeRedis('a closed cache', (bench) => {
  it('has no connection to the server', async () => {
    const count = async () =>
      String(await bench.client.client('LIST')).match(/name=\S*staleproof/g)?.length ?? 0
    expect(await count()).toBe(0)
    const cache = await bench.open(catalog)
    expect(await count()).toBe(2)
    await cache.close()
    await vi.waitUntil(async () => (await count()) === 0)
  })
})

/** What keeps a process alive, the runner's own things included. */
function resources(): number {
  return process.getActiveResourcesInfo().filter((kind) => /Timeout|TCP|Pipe/.test(kind)).length
}
