import { defineCatalog, family, shape } from 'staleproof'
import { expect, it, vi } from 'vitest'
import { describeCache } from './caches.ts'

const catalog = defineCatalog('absence', {
  remembered: family('yes:{name}', { value: shape<number>(), ttl: '30s', negativeTtl: '10s' }),
  forgotten: family('no:{name}', { value: shape<number>(), ttl: '30s' }),
})

describeCache('absence', (open) => {
  it('is remembered in both tiers where the family has a negativeTtl', async () => {
    const source = vi.fn(async () => undefined)
    const writer = await open(catalog, { sources: { remembered: source } })
    const reader = await open(catalog)
    expect(await writer.remembered.get('a')).toBeUndefined()
    await writer.settled()
    expect(await writer.remembered.lookup('a')).toMatchObject({ from: 'memory', value: undefined })
    expect(await reader.remembered.lookup('a')).toMatchObject({ from: 'redis', value: undefined })
    expect(await reader.remembered.lookup('a')).toMatchObject({ from: 'memory', value: undefined })
    expect(source).toHaveBeenCalledTimes(1)
  })

  it('is loaded again each time where it has none', async () => {
    const source = vi.fn(async () => undefined)
    const cache = await open(catalog, { sources: { forgotten: source } })
    expect(await cache.forgotten.get('a')).toBeUndefined()
    await cache.settled()
    expect(await cache.forgotten.lookup('a')).toMatchObject({ from: 'source', value: undefined })
    expect(source).toHaveBeenCalledTimes(2)
  })

  it('leaves no slot held back by a load that found nothing', async () => {
    const nothing = await open(catalog, { sources: { forgotten: async () => undefined } })
    const something = await open(catalog, { sources: { forgotten: async () => 7 } })
    await nothing.forgotten.get('a')
    await nothing.settled()
    expect(await something.forgotten.lookup('a')).toMatchObject({ from: 'source', why: 'absent' })
    await something.settled()
    expect(await nothing.forgotten.get('a')).toBe(7)
  })

  it('ends with an invalidation', async () => {
    let value: number | undefined
    const cache = await open(catalog, { sources: { remembered: async () => value } })
    expect(await cache.remembered.get('a')).toBeUndefined()
    await cache.settled()
    value = 3
    await cache.remembered.invalidate('a')
    expect(await cache.remembered.get('a')).toBe(3)
  })

  it('is never the answer of a family without a source', async () => {
    const cache = await open(catalog)
    const expected = { code: 'SP_NO_SOURCE', family: 'remembered', key: 'yes:a' }
    await expect(cache.remembered.get('a')).rejects.toMatchObject(expected)
    await expect(cache.remembered.getMany(['a'])).rejects.toMatchObject(expected)
    await expect(cache.remembered.refresh('a')).rejects.toMatchObject(expected)
    expect(await cache.remembered.lookup('a')).toMatchObject({ from: 'none', why: 'noSource' })
    expect(cache.remembered.peek('a')).toBeUndefined()
  })

  it('of a batch is aligned with its ids', async () => {
    const many = vi.fn(async (ids: readonly string[]) =>
      ids.map((id) => (id === 'none' ? undefined : 1)),
    )
    const cache = await open(catalog, { sources: { remembered: { many } } })
    expect(await cache.remembered.getMany(['a', 'none', 'b'])).toEqual([1, undefined, 1])
    await cache.settled()
    expect(await cache.remembered.getMany(['none', 'a'])).toEqual([undefined, 1])
    expect(many).toHaveBeenCalledTimes(1)
  })
})
