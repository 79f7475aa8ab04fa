import { defineCatalog, family, shape } from 'staleproof'
import { expect, it, vi } from 'vitest'
import { describeCache } from './caches.ts'
import { Recorder } from './events.ts'
import { HeldSource } from './sources.ts'

const catalog = defineCatalog('invalidation', {
  item: family('item:{name}', { value: shape<number>(), ttl: '30s' }),
})

describeCache('invalidation', (open) => {
  it('is seen at once by the caller, and by the next second-tier read of anybody', async () => {
    let value = 1
    const load = async () => value
    const writer = await open(catalog, { sources: { item: load } })
    const other = await open(catalog, { sources: { item: load } })
    await writer.item.get('a')
    await writer.settled()
    await other.item.get('a')
    value = 2
    await writer.item.invalidate('a')
    expect(writer.item.peek('a')).toBeUndefined()
    expect(await writer.item.get('a')).toBe(2)
    await vi.waitUntil(async () => (await other.item.get('a')) === 2)
  })

  it('returns a receipt that says what it reached', async () => {
    const cache = await open(catalog)
    await open(catalog)
    const receipt = await cache.item.invalidate(['a', 'b', 'a'], { reason: 'x', subject: 'user 7' })
    expect(receipt).toEqual({
      keys: ['item:a', 'item:b'],
      reached: 2,
      pending: [],
      ms: expect.any(Number),
      token: expect.stringMatching(/^[\w.~-]{10,200}$/),
    })
    expect(receipt.token).toBe(encodeURIComponent(receipt.token))
    expect(receipt.ms).toBeGreaterThan(0)
  })

  it('of thousands of keys is one call', async () => {
    const ids = Array.from({ length: 2_500 }, (_, index) => `n${index}`)
    const many = async (asked: readonly string[]) => asked.map(() => 1)
    const cache = await open(catalog, { sources: { item: { many } } })
    await cache.item.getMany(ids)
    await cache.settled()
    const receipt = await cache.item.invalidate(ids)
    expect(receipt.keys).toHaveLength(2_500)
    expect(cache.stats().memory.entries).toBe(0)
    expect(await cache.item.lookup('n2499')).toMatchObject({ from: 'source', why: 'absent' })
  })

  it('keeps a load that began before it out of every tier', async () => {
    const source = new HeldSource<string, number>()
    const slow = await open(catalog, { sources: { item: source.load } })
    const writer = await open(catalog, { sources: { item: async () => 2 } })
    const early = slow.item.get('a')
    await vi.waitUntil(() => source.calls.length === 1)
    await writer.item.invalidate('a')
    source.call().answer(1)
    expect(await early).toBe(1)
    await slow.settled()
    expect(slow.item.peek('a')).toBeUndefined()
    expect(await writer.item.lookup('a')).toMatchObject({ from: 'source', value: 2 })
    const { stores } = slow.stats().families.item ?? {}
    expect((stores?.gone ?? 0) + (stores?.doomed ?? 0)).toBe(1)
  })

  it('lets nobody join a load that began before it', async () => {
    const source = new HeldSource<string, number>()
    const cache = await open(catalog, { sources: { item: source.load } })
    const early = cache.item.get('a')
    await vi.waitUntil(() => source.calls.length === 1)
    await cache.item.invalidate('a')
    const late = cache.item.get('a')
    await vi.waitUntil(() => source.calls.length === 2)
    source.call(0).answer(1)
    source.call(1).answer(2)
    expect(await early).toBe(1)
    expect(await late).toBe(2)
  })

  it('is told to the observers of every process with reason and origin', async () => {
    const [here, there] = [new Recorder(), new Recorder()]
    const cache = await open(catalog, { service: 'api', observers: [here] })
    await open(catalog, { service: 'bot', observers: [there] })
    await cache.item.invalidate('a', { reason: 'position created', subject: 'user 7' })
    // Its own message may come before the answer.
    expect(here.of('invalidate').find(({ via }) => via === 'call')).toMatchObject({
      keys: ['item:a'],
      origin: 'api',
      reason: 'position created',
      subject: 'user 7',
      reached: 2,
      pending: [],
    })
    await vi.waitUntil(() => there.of('invalidate').length === 1)
    expect(there.of('invalidate')[0]).toMatchObject({
      via: 'message',
      keys: ['item:a'],
      origin: 'api',
      reason: 'position created',
    })
  })

  it('carries any text as its reason', async () => {
    const recorder = new Recorder()
    const cache = await open(catalog)
    await open(catalog, { observers: [recorder] })
    const reason = 'a|b,c;d %20 ü😀\n"'
    await cache.item.invalidate('a', { reason })
    await vi.waitUntil(() => recorder.of('invalidate').length === 1)
    expect(recorder.of('invalidate')[0]?.reason).toBe(reason)
  })

  it('works in a process without a source', async () => {
    let value = 1
    const reader = await open(catalog, { sources: { item: async () => value } })
    const writer = await open(catalog)
    await reader.item.get('a')
    await reader.settled()
    value = 2
    const { token } = await writer.item.invalidate('a')
    expect(await reader.item.get('a', { after: token })).toBe(2)
  })

  it('of very many keys is told piece by piece, each in time', async () => {
    const cache = await open(catalog, { sources: { item: async () => 1 } })
    const ids = Array.from({ length: 100_000 }, (_, number) => `key-${number}`)
    const { keys, pending } = await cache.item.invalidate(ids)
    expect(keys).toHaveLength(ids.length)
    expect(pending).toEqual([])
    const tags = Array.from({ length: 10_000 }, (_, number) => `tag-${number}`)
    expect((await cache.invalidateTag(tags)).pending).toEqual([])
  })
})
