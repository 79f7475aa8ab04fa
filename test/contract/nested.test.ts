import { type Cache, defineCatalog, family, shape } from 'staleproof'
import { expect, it, vi } from 'vitest'
import { describeCache } from './caches.ts'
import { HeldSource } from './sources.ts'

const catalog = defineCatalog('nested', {
  part: family('part:{name}', { value: shape<number>(), ttl: '30s' }),
  sum: family('sum:{name}', { value: shape<number>(), ttl: '30s' }),
})
type Families = typeof catalog extends { families: infer F } ? F : never

describeCache('reads made by a source', (open) => {
  it('are strict: nothing derived is built from what was invalidated', async () => {
    let part = 1
    const load = async () => part
    const writer = await open(catalog, { sources: { part: load } })
    let cache: Cache<Families> | undefined
    cache = await open(catalog, {
      sources: { part: load, sum: async (id) => ((await cache?.part.get(id)) ?? 0) * 10 },
    })
    await cache.part.get('a')
    await cache.settled()
    for (part = 2; part <= 30; part++) {
      await writer.part.invalidate('a')
      expect(await cache.sum.get('a', { consistency: 'fresh' })).toBe(part * 10)
    }
  })

  it('are proven even where memory holds the value', async () => {
    const outcomes: string[] = []
    let cache: Cache<Families> | undefined
    cache = await open(catalog, {
      sources: {
        part: async () => 1,
        sum: async (id) => {
          const outcome = await cache?.part.lookup(id)
          outcomes.push(`${outcome?.from} ${outcome?.why}`)
          return outcome?.value ?? 0
        },
      },
    })
    await cache.part.get('a')
    await cache.settled()
    await cache.sum.get('a')
    expect(outcomes).toEqual(['redis revalidated'])
  })

  it('of a key that the same chain is loading are refused, naming the chain', async () => {
    let cache: Cache<Families> | undefined
    cache = await open(catalog, {
      sources: {
        part: async (id) => (await cache?.sum.get(id)) ?? 0,
        sum: async (id) => (await cache?.part.get(id)) ?? 0,
      },
    })
    await expect(cache.sum.get('a')).rejects.toMatchObject({
      code: 'SP_LOAD_CYCLE',
      message: expect.stringContaining('sum:a → part:a → sum:a'),
    })
    // The read that was refused is the innermost; for the outermost its source has failed.
    expect(await cache.part.lookup('a')).toMatchObject({
      from: 'none',
      why: 'sourceFailed',
      error: { code: 'SP_LOAD_CYCLE' },
    })
  })

  it('of other keys of the same family are no cycle', async () => {
    let cache: Cache<Families> | undefined
    cache = await open(catalog, {
      sources: {
        sum: async (id) => (id === '0' ? 0 : 1 + ((await cache?.sum.get(`${+id - 1}`)) ?? 0)),
      },
    })
    expect(await cache.sum.get('20')).toBe(20)
  })

  it('end with the signal and the deadline of the source that asks', async () => {
    const inner = new HeldSource<string, number>()
    const outer: AbortSignal[] = []
    let cache: Cache<Families> | undefined
    cache = await open(catalog, {
      sources: {
        part: inner.load,
        sum: async (id, { signal }) => {
          outer.push(signal)
          return (await cache?.part.get(id)) ?? 0
        },
      },
    })
    const leaving = new AbortController()
    const read = cache.sum.get('a', { signal: leaving.signal })
    await vi.waitUntil(() => inner.calls.length === 1)
    leaving.abort()
    await expect(read).rejects.toMatchObject({ code: 'SP_ABORTED' })
    await vi.waitUntil(() => inner.call().signal.aborted)
    expect(outer[0]?.aborted).toBe(true)
  })

  it('fail with the error of the innermost source', async () => {
    const error = new Error('no part')
    let cache: Cache<Families> | undefined
    cache = await open(catalog, {
      sources: {
        part: async () => Promise.reject(error),
        sum: async (id) => (await cache?.part.get(id)) ?? 0,
      },
    })
    await expect(cache.sum.get('a')).rejects.toBe(error)
  })

  it('do not make callers outside of a source strict', async () => {
    const source = new HeldSource<string, number>()
    const cache = await open(catalog, { sources: { part: async () => 1, sum: source.load } })
    await cache.part.get('a')
    await cache.settled()
    const read = cache.sum.get('a')
    await vi.waitUntil(() => source.calls.length === 1)
    expect(await cache.part.lookup('a')).toMatchObject({ from: 'memory' })
    source.call().answer(1)
    expect(await read).toBe(1)
  })
})
