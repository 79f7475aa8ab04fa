import { defineCatalog, family, shape } from 'staleproof'
import { expect, it, vi } from 'vitest'
import { describeCache } from './caches.ts'
import { HeldSource } from './sources.ts'

const catalog = defineCatalog('cancellation', {
  item: family('item:{name}', { value: shape<number>(), ttl: '30s' }),
})

describeCache('cancellation', (open) => {
  it("ends a caller's wait, not the load that another waits for", async () => {
    const source = new HeldSource<string, number>()
    const cache = await open(catalog, { sources: { item: source.load } })
    const leaving = new AbortController()
    const gone = cache.item.get('a', { signal: leaving.signal })
    const stays = cache.item.get('a')
    await vi.waitUntil(() => source.calls.length === 1)
    const reason = new Error('the user went away')
    leaving.abort(reason)
    await expect(gone).rejects.toMatchObject({ code: 'SP_ABORTED', cause: reason })
    expect(source.call().signal.aborted).toBe(false)
    source.call().answer(5)
    expect(await stays).toBe(5)
    await cache.settled()
    expect(cache.item.peek('a')).toBe(5)
  })

  it("ends it after the caller's timeout as well", async () => {
    const source = new HeldSource<string, number>()
    const cache = await open(catalog, { sources: { item: source.load } })
    const gone = cache.item.get('a', { timeout: 30 })
    const stays = cache.item.get('a', { timeout: '20s' })
    await expect(gone).rejects.toMatchObject({ code: 'SP_TIMEOUT', key: 'item:a' })
    expect(source.call().signal.aborted).toBe(false)
    source.call().answer(5)
    expect(await stays).toBe(5)
  })

  it('fires the signal of the source when the last waiter has left', async () => {
    const source = new HeldSource<string, number>()
    const cache = await open(catalog, { sources: { item: source.load } })
    const leaving = [new AbortController(), new AbortController()]
    const reads = leaving.map(({ signal }) => cache.item.get('a', { signal }))
    await vi.waitUntil(() => source.calls.length === 1)
    leaving[0]?.abort()
    await expect(reads[0]).rejects.toMatchObject({ code: 'SP_ABORTED' })
    expect(source.call().signal.aborted).toBe(false)
    leaving[1]?.abort()
    await expect(reads[1]).rejects.toMatchObject({ code: 'SP_ABORTED' })
    await vi.waitUntil(() => source.call().signal.aborted)
    await cache.settled()
    expect(cache.stats().flights).toBe(0)
  })

  it('leaves nothing behind that a later caller would have to wait for', async () => {
    const source = new HeldSource<string, number>()
    const cache = await open(catalog, { sources: { item: source.load } })
    const gone = cache.item.get('a', { timeout: 200 })
    await vi.waitUntil(() => source.calls.length === 1)
    await expect(gone).rejects.toMatchObject({ code: 'SP_TIMEOUT' })
    const read = cache.item.get('a')
    await vi.waitUntil(() => source.calls.length === 2, { timeout: 4_000 })
    source.call(1).answer(2)
    expect(await read).toBe(2)
    await cache.settled()
    expect(cache.item.peek('a')).toBe(2)
  })

  it('of a caller that has left already rejects, and loads nothing', async () => {
    const source = new HeldSource<string, number>()
    const cache = await open(catalog, { sources: { item: source.load } })
    const signal = AbortSignal.abort()
    await expect(cache.item.get('a', { signal })).rejects.toMatchObject({ code: 'SP_ABORTED' })
    await cache.settled()
    expect(source.calls.every((call) => call.signal.aborted)).toBe(true)
  })

  it('fires the signal of the source at the load timeout, and rejects every waiter', async () => {
    const source = new HeldSource<string, number>()
    const cache = await open(catalog, { sources: { item: source.load }, loadTimeout: 50 })
    const reads = [cache.item.get('a'), cache.item.get('a')]
    for (const read of reads) await expect(read).rejects.toMatchObject({ code: 'SP_LOAD_TIMEOUT' })
    expect(source.call().signal.aborted).toBe(true)
    expect(await cache.item.lookup('b')).toMatchObject({ from: 'none', why: 'loadTimeout' })
  })

  it('keeps nothing of what a source answers after that', async () => {
    const source = new HeldSource<string, number>()
    const cache = await open(catalog, { sources: { item: source.load }, loadTimeout: 50 })
    await expect(cache.item.get('a')).rejects.toMatchObject({ code: 'SP_LOAD_TIMEOUT' })
    source.call().answer(1)
    await cache.settled()
    expect(cache.item.peek('a')).toBeUndefined()
    expect(cache.stats().families.item?.stores).toEqual({})
  })

  it('an invalidation never aborts a load, and what it loaded is not kept', async () => {
    const source = new HeldSource<string, number>()
    const cache = await open(catalog, { sources: { item: source.load } })
    const read = cache.item.get('a')
    await vi.waitUntil(() => source.calls.length === 1)
    await cache.item.invalidate('a')
    expect(source.call().signal.aborted).toBe(false)
    source.call().answer(1)
    expect(await read).toBe(1)
    await cache.settled()
    expect(cache.item.peek('a')).toBeUndefined()
  })

  it('answers a caller who comes while the last one leaves', async () => {
    const source = new HeldSource<string, number>()
    const cache = await open(catalog, { sources: { item: source.load } })
    const leaving = new AbortController()
    const gone = cache.item.get('a', { signal: leaving.signal })
    await vi.waitUntil(() => source.calls.length === 1)
    const stays = cache.item.lookup('a')
    leaving.abort()
    await expect(gone).rejects.toMatchObject({ code: 'SP_ABORTED' })
    let outcome: unknown
    void stays.then((one) => {
      outcome = one
    })
    await vi.waitUntil(() => {
      source.calls.at(-1)?.answer(5)
      return outcome !== undefined
    })
    expect(outcome).toMatchObject({ value: 5 })
  })

  it.each([0, -1, Number.NaN, 'soon', Number.POSITIVE_INFINITY])(
    'refuses a timeout of %s',
    async (timeout) => {
      const cache = await open(catalog, { sources: { item: async () => 1 } })
      const options = { timeout: timeout as number }
      await expect(cache.item.get('a', options)).rejects.toMatchObject({
        code: 'SP_OPTION_INVALID',
      })
    },
  )

  it('of one batch leaves the others their answers', async () => {
    const source = new HeldSource<readonly string[], number[]>()
    const cache = await open(catalog, { sources: { item: { many: source.load } } })
    const leaving = new AbortController()
    const gone = cache.item.getMany(['a', 'b'], { signal: leaving.signal })
    await vi.waitUntil(() => source.calls.length === 1)
    const stays = cache.item.get('b')
    await new Promise((resolve) => setImmediate(resolve))
    leaving.abort()
    await expect(gone).rejects.toMatchObject({ code: 'SP_ABORTED' })
    expect(source.call().signal.aborted).toBe(false)
    source.call().answer([1, 2])
    expect(await stays).toBe(2)
  })
})
