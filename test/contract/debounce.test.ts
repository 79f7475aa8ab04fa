import { defineCatalog, family, shape } from 'staleproof'
import { expect, it } from 'vitest'
import { describeCache } from './caches.ts'
import { Recorder } from './events.ts'

const catalog = defineCatalog('debounce', {
  position: family('position:{id:int}', { value: shape<number>(), ttl: '30s' }),
})

describeCache('a debounce', (open) => {
  it('writes what waits when its cache is closed, with a cache that still works', async () => {
    const recorder = new Recorder()
    const cache = await open(catalog, { observers: [recorder] })
    const database = new Map<number, number>()
    const debounce = cache.debounce({
      wait: '15s',
      flush: async (entries: ReadonlyMap<number, number>) => {
        const keys = [...entries.keys()].map((id) => cache.position.key(id))
        await cache.mutate(keys, () => {
          for (const [id, value] of entries) database.set(id, value)
        })
      },
    })
    debounce.add(1, 10)
    debounce.add(2, 20)
    debounce.add(1, 11)
    await cache.close()
    expect([...database]).toEqual([
      [1, 11],
      [2, 20],
    ])
    expect(recorder.of('mutate')).toMatchObject([{ outcome: 'committed', quarantined: true }])
    expect(recorder.faults).toEqual([])
    expect(() => debounce.add(3, 30)).toThrow('SP_CLOSED')
  })

  it('that can not write is reported when its cache is closed', async () => {
    const recorder = new Recorder()
    const cache = await open(catalog, { observers: [recorder] })
    const debounce = cache.debounce({
      wait: '15s',
      flush: async (_entries: ReadonlyMap<string, number>) => {
        throw new Error('the database is away')
      },
    })
    debounce.add('a', 1)
    await cache.close()
    expect(recorder.faults.at(-1)).toBe('SP_DEBOUNCE_LOST')
  })
})
