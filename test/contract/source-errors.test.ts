import { defineCatalog, family, shape } from 'staleproof'
import { expect, it, vi } from 'vitest'
import { describeCache } from './caches.ts'
import { Recorder } from './events.ts'
import { HeldSource } from './sources.ts'

const catalog = defineCatalog('errors', {
  item: family('item:{name}', { value: shape<number>(), ttl: '30s' }),
})

describeCache('errors of a source', (open) => {
  it('reach all waiters as the same object', async () => {
    const source = new HeldSource<string, number>()
    const cache = await open(catalog, { sources: { item: source.load } })
    const reads = Array.from({ length: 5 }, () => cache.item.get('a'))
    const settled = Promise.allSettled(reads)
    await vi.waitUntil(() => source.calls.length === 1)
    const error = Object.assign(new Error('gone'), { code: 'ECONNRESET' })
    source.call().fail(error)
    for (const one of await settled) expect(one).toEqual({ status: 'rejected', reason: error })
  })

  it.each([undefined, null, 0, 'text', { code: 7 }])(
    'reach callers unchanged, whatever they are (%#)',
    async (thrown) => {
      const cache = await open(catalog, { sources: { item: () => Promise.reject(thrown) } })
      const outcome = await cache.item.lookup('a')
      expect(outcome).toMatchObject({ from: 'none', why: 'sourceFailed' })
      expect(outcome.from === 'none' && outcome.error).toBe(thrown)
      const caught = await cache.item.get('a').then(
        () => 'resolved',
        (error: unknown) => ({ error }),
      )
      expect(caught).toEqual({ error: thrown })
    },
  )

  it('thrown at once are the same as rejected ones', async () => {
    const error = new Error('at once')
    const cache = await open(catalog, {
      sources: {
        item: () => {
          throw error
        },
      },
    })
    await expect(cache.item.get('a')).rejects.toBe(error)
  })

  it('are not cached, and hold nobody up', async () => {
    const load = vi.fn(async () => 5).mockRejectedValueOnce(new Error('once'))
    const cache = await open(catalog, { sources: { item: load } })
    const other = await open(catalog, { sources: { item: async () => 5 } })
    await expect(cache.item.get('a')).rejects.toThrow('once')
    const startMs = performance.now()
    expect(await other.item.lookup('a')).toMatchObject({ from: 'source', why: 'absent', value: 5 })
    expect(performance.now() - startMs).toBeLessThan(1_000)
    await other.settled()
    expect(await cache.item.get('a')).toBe(5)
    expect(cache.stats().families.item).toMatchObject({ loadErrors: 1, loads: 0 })
  })

  it('are told to observers with the load', async () => {
    const recorder = new Recorder()
    const error = new Error('gone')
    const cache = await open(catalog, {
      sources: { item: () => Promise.reject(error) },
      observers: [recorder],
    })
    await expect(cache.item.get('a')).rejects.toBe(error)
    await cache.settled()
    expect(recorder.of('load')).toEqual([
      expect.objectContaining({ family: 'item', keys: ['item:a'], error, stored: [] }),
    ])
    expect(recorder.of('read')[0]?.outcome).toMatchObject({ from: 'none', why: 'sourceFailed' })
  })
})
