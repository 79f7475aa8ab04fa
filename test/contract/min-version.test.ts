import { defineCatalog, family, shape } from 'staleproof'
import { expect, it } from 'vitest'
import { describeCache } from './caches.ts'

interface Row {
  readonly version: number
}

const catalog = defineCatalog('minimum', {
  row: family('row:{name}', {
    value: shape<Row>(),
    ttl: '30s',
    order: (row: Row) => row.version,
  }),
  plain: family('plain:{name}', { value: shape<number>(), ttl: '30s' }),
})

describeCache('invalidate with minVersion', (open) => {
  it('leaves values of at least that version', async () => {
    const cache = await open(catalog, { sources: { row: async () => ({ version: 7 }) } })
    await cache.row.get('a')
    await cache.settled()
    await cache.row.invalidate('a', { minVersion: 7 })
    const outcome = await cache.row.lookup('a')
    expect(outcome).toMatchObject({ from: 'redis', value: { version: 7 } })
  })

  it('removes older ones, and keeps them out when a lagging source returns them', async () => {
    let version = 7
    const cache = await open(catalog, { sources: { row: async () => ({ version }) } })
    await cache.row.get('a')
    await cache.settled()
    await cache.row.invalidate('a', { minVersion: 8n })
    expect(await cache.row.lookup('a')).toMatchObject({ from: 'source', value: { version: 7 } })
    await cache.settled()
    expect(cache.row.peek('a')).toBeUndefined()
    expect(cache.stats().families.row?.stores.older).toBe(1)
    version = 8
    expect(await cache.row.get('a')).toEqual({ version: 8 })
    await cache.settled()
    expect(cache.row.peek('a')).toEqual({ version: 8 })
  })

  it('needs an order to compare by', async () => {
    const cache = await open(catalog)
    await expect(cache.plain.invalidate('a', { minVersion: 1 })).rejects.toMatchObject({
      code: 'SP_OPTION_INVALID',
    })
    await expect(
      cache.invalidate([cache.row.key('a'), cache.plain.key('a')], { minVersion: 1 }),
    ).rejects.toMatchObject({ code: 'SP_OPTION_INVALID' })
  })

  it('refuses what is no version', async () => {
    const cache = await open(catalog)
    for (const minVersion of [-1, 1.5, 2n ** 63n]) {
      await expect(cache.row.invalidate('a', { minVersion })).rejects.toMatchObject({
        code: 'SP_ORDER_INVALID',
      })
    }
  })
})
