import { type Cache, defineCatalog, family, shape } from 'staleproof'
import { describe, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeCache, describeRedis, useCaches } from './caches.ts'
import { HeldSource } from './sources.ts'

const catalog = defineCatalog('explained', {
  item: family('item:{id}', {
    value: shape<string>(),
    ttl: '1m',
    negativeTtl: '5s',
    tags: (_value, id) => [`owner:${id}`],
  }),
})
type Items = Cache<(typeof catalog)['families']>

describeCache('explain', (open) => {
  it('says where a value is, how old it is, and that memory serves it', async () => {
    const cache = await open(catalog, { sources: { item: async () => 'a value' } })
    await cache.item.get('a')
    await cache.settled()
    const told = await cache.explain(cache.item.key('a'))
    expect(told).toMatchObject({ key: 'item:a', family: 'item', next: 'memory', pending: [] })
    expect(told.memory).toMatchObject({ isHeld: true, notServedBecause: undefined })
    const slot = slotOf(told)
    if (slot.kind !== 'value') throw new Error(`expected a value, got ${slot.kind}`)
    expect(slot).toMatchObject({ isValid: true, voidBecause: [], isAbsent: false })
    expect(slot.schema).toBe(slot.declaredSchema)
    expect(slot.tags.map(({ tag, isNewer }) => [tag, isNewer])).toContainEqual(['owner:a', false])
    expect(slot.softLeftMs).toBeGreaterThan(slot.ageMs)
    expect(told.trust.isHeld).toBe(true)
    expect(told.policy).toMatchObject({ ttlMs: 60_000, negativeTtlMs: 5_000, hasSource: true })
    expect(told.breakers).toEqual({ 'family:item': 'closed', 'redis:0': 'closed' })
    expect(JSON.parse(JSON.stringify(told)).redis).toEqual(told.redis)
  })

  it('takes the text of a key, and refuses one that no family has', async () => {
    const cache = await open(catalog)
    expect(await cache.explain('item:b')).toMatchObject({ key: 'item:b', family: 'item' })
    await expect(cache.explain('nobody:b')).rejects.toMatchObject({ code: 'SP_ID_TYPE' })
  })

  it('counts as no read and loads nothing', async () => {
    let loads = 0
    const cache = await open(catalog, { sources: { item: async () => String(++loads) } })
    const before = cache.stats().families.item?.reads
    const told = await cache.explain('item:c')
    expect(told).toMatchObject({ next: 'source', nextBecause: 'its slot is empty' })
    expect(told.memory).toEqual({ isHeld: false, because: 'absent' })
    expect(loads).toBe(0)
    expect(cache.stats().families.item?.reads).toEqual(before)
  })

  it('says why the last read missed', async () => {
    const cache = await open(catalog, { sources: { item: async () => 'a value' } })
    expect((await cache.explain('item:d')).lastMiss).toBeUndefined()
    await cache.item.get('d')
    await cache.settled()
    await cache.item.get('d')
    const { lastMiss } = await cache.explain('item:d')
    expect(lastMiss).toMatchObject({ from: 'source', why: 'absent' })
  })

  it('says that an old value is served from memory or Redis while it is loaded anew', async () => {
    const source = new HeldSource<string, string>()
    const aging = defineCatalog('explained', {
      item: family('item:{id}', {
        value: shape<string>(),
        ttl: '100ms',
        staleWhileRevalidate: '1m',
      }),
    })
    const cache = await open(aging, { sources: { item: source.load } })
    const reading = cache.item.get('o')
    await eventually('the load has begun', () => source.calls.length === 1)
    source.call().answer('a value')
    await reading
    await cache.settled()
    await eventually('it is past its TTL', async () => {
      return (await cache.explain('item:o')).next === 'stale'
    })
    const other = await open(aging, { service: 'other', sources: { item: source.load } })
    const [held, stored] = [await cache.explain('item:o'), await other.explain('item:o')]
    expect(held.nextBecause).toContain('memory holds a value past its TTL')
    expect(stored).toMatchObject({ next: 'stale', memory: { isHeld: false } })
    expect(stored.nextBecause).toContain('its slot holds a value past its TTL')
    expect((await cache.item.lookup('o')).from).toBe('stale')
    expect((await other.item.lookup('o')).from).toBe('stale')
    for (const { answer } of source.calls.slice(1)) answer('a newer value')
  })

  it('names the tag that was invalidated after the load, in memory and in Redis', async () => {
    const cache = await open(catalog, { sources: { item: async () => 'a value' } })
    await cache.item.get('e')
    await cache.settled()
    await cache.invalidateTag('owner:e', { reason: 'test' })
    const told = await cache.explain('item:e')
    expect(told.next).toBe('source')
    expect(told.memory).toMatchObject({ isHeld: true, notServedBecause: 'groupInvalidated' })
    const slot = slotOf(told)
    if (slot.kind !== 'value') throw new Error(`expected a value, got ${slot.kind}`)
    expect(slot.voidBecause).toEqual(['tagInvalidated'])
    expect(slot.tags).toContainEqual({
      tag: 'owner:e',
      clock: expect.any(Number),
      isNewer: true,
    })
  })

  it('shows the lease of a load under way, and the quarantine of a write', async () => {
    const source = new HeldSource<string, string>()
    const cache = await open(catalog, { sources: { item: source.load } })
    const other: Items = await open(catalog, { service: 'other' })
    const reading = cache.item.get('f')
    await eventually('the load has begun', () => source.calls.length === 1)
    expect(slotOf(await other.explain('item:f'))).toMatchObject({
      kind: 'lease',
      isStampCurrent: true,
    })
    expect((await cache.explain('item:f')).isLoading).toBe(true)
    source.call().answer('a value')
    await reading
    await cache.settled()
    await cache.mutate([cache.item.key('f')], async () => {
      const told = await other.explain('item:f')
      expect(slotOf(told)).toMatchObject({ kind: 'quarantine', writers: 1 })
      expect(told.nextBecause).toContain('a write of it is under way')
    })
  })
})

describeCache('about', (open) => {
  it('says who a cache is, and what it declares of each family', async () => {
    const cache = await open(catalog, { service: 'api', sources: { item: async () => 'a value' } })
    const other = await open(catalog, { service: 'api' })
    const about = cache.about()
    expect(about).toMatchObject({ service: 'api', catalog: 'explained', partitions: 1 })
    expect(about.process).toMatch(/^api\../)
    expect(about.process).not.toBe(other.about().process)
    const declared = { template: 'item:{id}', ttlMs: 60_000, codec: 'json', isSensitive: false }
    expect(about.families.item).toMatchObject({ ...declared, hasSource: true })
    expect(other.about().families.item).toMatchObject({ ...declared, hasSource: false })
  })
})

describe('explain without Redis', () => {
  const { open } = useCaches(() => ({ redis: 'redis://127.0.0.1:1', connectTimeout: 200 }))

  it('says that Redis is away and what is pending, and does not reject', async () => {
    const cache = await open(catalog, { sources: { item: async () => 'a value' } })
    await cache.item.invalidate('g', { reason: 'moved' }).catch(() => {})
    const told = await cache.explain(cache.item.key('g'))
    expect(told.redis).toEqual({ isRead: false, because: 'it is not connected' })
    expect(told.pending).toMatchObject([{ key: 'item:g', reason: 'moved' }])
    expect(told.next).toBe('source')
    expect(told.trust.isHeld).toBe(false)
  })
})

describeRedis('explain of slots that are not ours', (bench) => {
  it('tells what is damaged and what another version wrote', async () => {
    const cache = await bench.open(catalog)
    const slot = `{${bench.namespace}:0}:k:item:h`
    await bench.client.set(slot, 'anything', 'PX', 60_000)
    expect(slotOf(await cache.explain('item:h'))).toEqual({ kind: 'damaged' })
    await bench.client.set(slot, 'V|9|whatever', 'PX', 60_000)
    expect(slotOf(await cache.explain('item:h'))).toEqual({ kind: 'unknownWire' })
  })
})

type Told = Awaited<ReturnType<Items['explain']>>

function slotOf({ redis }: Told) {
  if (!redis.isRead) throw new Error(`expected Redis to be read: ${redis.because}`)
  return redis.slot
}
