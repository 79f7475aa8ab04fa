import { defineCatalog, family, shape } from 'staleproof'
import { expect, it } from 'vitest'
import { describeCache } from './caches.ts'

const catalog = defineCatalog('input', {
  item: family('item:{name}', { value: shape<number>(), ttl: '30s' }),
})

describeCache('what is given to writes', (open) => {
  const openWriter = async () => {
    const database = { value: 1 }
    const sources = { item: async () => database.value }
    const writer = await open(catalog, { sources })
    return { database, writer, other: await open(catalog, { sources }), key: writer.item.key('a') }
  }

  it('gives a receipt that makes reads fresh where its keys could not be told', async () => {
    const { database, writer, other } = await openWriter()
    await other.item.get('a')
    const keys = () => {
      throw new Error('no keys')
    }
    const write = async () => {
      database.value = 2
    }
    const { receipt } = await writer.mutate(keys, write, { receipt: true })
    expect(receipt).toMatchObject({ keys: [], reached: 0 })
    expect(await other.item.get('a', { after: receipt })).toBe(2)
  })

  it('refuses holes and what is no function before anything is begun', async () => {
    const { writer, key } = await openWriter()
    const holes = new Array<typeof key>(2)
    await expect(writer.mutate(holes, async () => 1)).rejects.toMatchObject({ code: 'SP_ID_TYPE' })
    await expect(writer.invalidate(holes)).rejects.toMatchObject({ code: 'SP_ID_TYPE' })
    await expect(writer.item.invalidate(new Array<string>(1))).rejects.toMatchObject({
      code: 'SP_ID_TYPE',
    })
    const nothing = 5 as unknown as () => void
    await expect(writer.mutate([key], nothing)).rejects.toMatchObject({ code: 'SP_OPTION_INVALID' })
    await expect(writer.lock('l', { ttl: '5s' }, nothing)).rejects.toMatchObject({
      code: 'SP_OPTION_INVALID',
    })
    expect(writer.stats().mutations).toMatchObject({ running: 0, quarantinedKeys: 0 })
    await writer.invalidatePattern('item:*')
  })

  it('is told when a pattern is to end, also while Redis is awaited', async () => {
    const { writer } = await openWriter()
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(writer.invalidatePattern('item:*', { signal })).rejects.toMatchObject({
      code: 'SP_ABORTED',
    })
    const notSignal = 5 as unknown as AbortSignal
    await expect(writer.invalidatePattern('item:*', { signal: notSignal })).rejects.toMatchObject({
      code: 'SP_OPTION_INVALID',
    })
  })
})
