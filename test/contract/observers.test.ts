import { type CacheEvent, defineCatalog, family, shape } from 'staleproof'
import { expect, it } from 'vitest'
import { describeCache } from './caches.ts'
import { Recorder } from './events.ts'

const catalog = defineCatalog('observers', {
  item: family('item:{name}', { value: shape<number>(), ttl: '30s' }),
})
const sources = { item: async (id: string) => id.length }

describeCache('observers', (open) => {
  it('are told reads, loads and what became of the values', async () => {
    const recorder = new Recorder()
    const cache = await open(catalog, { sources, observers: [recorder] })
    await cache.item.get('abc')
    await cache.settled()
    expect(recorder.of('read')).toEqual([
      {
        kind: 'read',
        family: 'item',
        id: 'abc',
        key: 'item:abc',
        priority: 'read',
        weight: 1,
        outcome: {
          from: 'source',
          why: 'absent',
          value: 3,
          stale: false,
          ageMs: expect.any(Number),
        },
        ms: expect.any(Number),
      },
    ])
    expect(recorder.of('load')).toEqual([
      {
        kind: 'load',
        family: 'item',
        keys: ['item:abc'],
        ms: expect.any(Number),
        attempts: 1,
        error: undefined,
        stored: ['stored'],
        sizes: [{ rawBytes: 1, storedBytes: 1 }],
      },
    ])
  })

  it('are told memory hits only if they ask for them', async () => {
    const [plain, curious] = [new Recorder(), new Recorder({ hits: true })]
    const cache = await open(catalog, { sources, observers: [plain] })
    const stop = cache.observe(curious)
    await cache.item.get('a')
    await cache.settled()
    await cache.item.get('a')
    await cache.item.getMany(['a', 'a'])
    const hits = (recorder: Recorder) =>
      recorder.of('read').filter(({ outcome }) => outcome.from === 'memory').length
    expect(hits(curious)).toBe(3)
    expect(hits(plain)).toBe(0)
    stop()
    await cache.item.get('a')
    expect(hits(curious)).toBe(3)
  })

  it('that throw are counted, and disturb neither callers nor each other', async () => {
    const recorder = new Recorder({ hits: true })
    const broken = {
      hits: true,
      notify: (): never => {
        throw new Error('observer is broken')
      },
    }
    const cache = await open(catalog, { sources, observers: [broken, recorder] })
    const before = cache.stats().observerErrors
    expect(await cache.item.get('a')).toBe(1)
    await cache.settled()
    expect(await cache.item.get('a')).toBe(1)
    await cache.item.invalidate('a')
    expect(cache.stats().observerErrors).toBeGreaterThan(before + 2)
    expect(recorder.of('read')).toHaveLength(2)
  })

  it('are at most 16, and one that has left makes room', async () => {
    const cache = await open(catalog)
    const stops = Array.from({ length: 16 }, () => cache.observe({ notify: () => {} }))
    const oneMore = () => cache.observe({ notify: () => {} })
    expect(oneMore).toThrow(expect.objectContaining({ code: 'SP_OPTION_INVALID' }))
    stops[0]?.()
    oneMore()
    expect(oneMore).toThrow(expect.objectContaining({ code: 'SP_OPTION_INVALID' }))
    const seventeen = Array.from({ length: 17 }, () => ({ notify: () => {} }))
    await expect(open(catalog, { observers: seventeen })).rejects.toMatchObject({
      code: 'SP_OPTION_INVALID',
    })
  })

  it('must be able to be notified', async () => {
    const cache = await open(catalog)
    const silent = JSON.parse('{"hits":true}')
    expect(() => cache.observe(silent)).toThrow(
      expect.objectContaining({ code: 'SP_OPTION_INVALID' }),
    )
  })

  it('may call the cache', async () => {
    const values: unknown[] = []
    const cache = await open(catalog, { sources })
    cache.observe({
      notify: (event: CacheEvent) => {
        if (event.kind === 'load') values.push(cache.item.peek('abc'))
      },
    })
    await cache.item.get('abc')
    await cache.settled()
    expect(values).toEqual([3])
  })
})
