import { defineCatalog, family, shape } from 'staleproof'
import { describe, expect, it, vi } from 'vitest'
import { describeCache, describeRedis } from './caches.ts'
import { Recorder } from './events.ts'
import { HeldSource } from './sources.ts'

interface Position {
  readonly version: number
  readonly owner: string
}

const catalog = defineCatalog('groups', {
  /** Whose owner is known only when it has been loaded. */
  position: family('position:{name}', {
    value: shape<Position>(),
    ttl: '30s',
    tags: (position: Position) => [`owner:${position.owner}`],
  }),
  /** Whose tags follow from the id, also for what does not exist. */
  profile: family('profile:{name}', {
    value: shape<number>(),
    ttl: '30s',
    negativeTtl: '30s',
    tags: (_: number | undefined, name: string) => [`user:${name}`, 'profiles'],
  }),
  other: family('other:{name}', { value: shape<number>(), ttl: '30s' }),
})

describeCache('invalidateTag', (open) => {
  it('voids what carries the tag in every tier and process, whenever it was known', async () => {
    let version = 1
    const load = async () => ({ version, owner: 'ann' })
    const [here, there] = [
      await open(catalog, { sources: { position: load } }),
      await open(catalog, { sources: { position: load } }),
    ]
    await here.position.get('a')
    await here.settled()
    await there.position.get('a')
    version = 2
    await here.invalidateTag('owner:ann')
    expect(here.position.peek('a')).toBeUndefined()
    expect(await here.position.get('a')).toMatchObject({ version: 2 })
    await vi.waitUntil(async () => (await there.position.get('a'))?.version === 2)
  })

  it('leaves what carries other tags', async () => {
    const load = async (name: string) => ({ version: 1, owner: name })
    const cache = await open(catalog, { sources: { position: load } })
    await cache.position.getMany(['ann', 'ben'])
    await cache.settled()
    await cache.invalidateTag('owner:ann')
    expect(cache.position.peek('ann')).toBeUndefined()
    expect(cache.position.peek('ben')).toBeDefined()
  })

  it('reaches what is remembered as absent', async () => {
    let value: number | undefined
    const cache = await open(catalog, { sources: { profile: async () => value } })
    expect(await cache.profile.get('ann')).toBeUndefined()
    await cache.settled()
    value = 1
    expect(await cache.profile.get('ann')).toBeUndefined()
    await cache.invalidateTag('user:ann')
    expect(await cache.profile.get('ann')).toBe(1)
  })

  it('keeps a load that began before it from being served to anybody who came after', async () => {
    const source = new HeldSource<string, Position>()
    const cache = await open(catalog, { sources: { position: source.load } })
    const early = cache.position.get('a')
    await vi.waitUntil(() => source.calls.length === 1)
    await cache.invalidateTag('owner:ann')
    const late = cache.position.get('a')
    source.call(0).answer({ version: 1, owner: 'ann' })
    await vi.waitUntil(() => source.calls.length === 2)
    source.call(1).answer({ version: 2, owner: 'ann' })
    expect(await early).toMatchObject({ version: 1 })
    expect(await late).toMatchObject({ version: 2 })
  })

  it('takes several tags, and returns a receipt that reads can carry', async () => {
    const recorder = new Recorder()
    const cache = await open(catalog, { observers: [recorder] })
    const receipt = await cache.invalidateTag(['user:ann', 'user:ben', 'user:ann'])
    expect(receipt).toMatchObject({ keys: ['tag:user:ann', 'tag:user:ben'], pending: [] })
    expect(receipt.reached).toBe(1)
    await vi.waitUntil(() => recorder.of('invalidate').length === 2)
    // The message may have come before the reply.
    const told = (via: string) => recorder.of('invalidate').find((event) => event.via === via)
    expect(told('call')).toMatchObject({ keys: [], tags: ['user:ann', 'user:ben'] })
    expect(told('message')).toMatchObject({ keys: [], tags: ['user:ann', 'user:ben'] })
    await expect(cache.other.lookup('a', { after: receipt })).resolves.toMatchObject({
      from: 'none',
    })
  })

  it('refuses what is no tag', async () => {
    const cache = await open(catalog)
    await expect(cache.invalidateTag('')).rejects.toMatchObject({ code: 'SP_OPTION_INVALID' })
  })
})

describeCache('clear', (open) => {
  const sources = { profile: async () => 1, other: async () => 1 }

  it('of a family leaves the other families', async () => {
    const cache = await open(catalog, { sources })
    await Promise.all([cache.profile.get('a'), cache.other.get('a')])
    await cache.settled()
    const receipt = await cache.profile.clear()
    expect(receipt).toMatchObject({ keys: ['family:profile'], pending: [] })
    expect(cache.profile.peek('a')).toBeUndefined()
    expect(cache.other.peek('a')).toBe(1)
    expect(await cache.profile.lookup('a')).toMatchObject({ from: 'source' })
  })

  it('of the cache voids everything, here and elsewhere', async () => {
    const [here, there] = [await open(catalog, { sources }), await open(catalog, { sources })]
    await Promise.all([here.profile.get('a'), here.other.get('a')])
    await here.settled()
    await Promise.all([there.profile.get('a'), there.other.get('a')])
    expect(await here.clear()).toMatchObject({ keys: ['*'], pending: [] })
    expect([here.profile.peek('a'), here.other.peek('a')]).toEqual([undefined, undefined])
    await vi.waitUntil(() => there.profile.peek('a') === undefined)
    expect(there.other.peek('a')).toBeUndefined()
    expect(await here.other.lookup('a')).toMatchObject({ from: 'source' })
  })

  it('refuses the store of a load that began before it', async () => {
    const source = new HeldSource<string, number>()
    const cache = await open(catalog, { sources: { other: source.load } })
    const early = cache.other.get('a')
    await vi.waitUntil(() => source.calls.length === 1)
    await cache.clear()
    source.call(0).answer(1)
    expect(await early).toBe(1)
    await cache.settled()
    expect(cache.other.peek('a')).toBeUndefined()
    const late = cache.other.get('a')
    await vi.waitUntil(() => source.calls.length === 2)
    source.call(1).answer(2)
    expect(await late).toBe(2)
  })
})

describeRedis('groups', (bench) => {
  it('are cleared without touching anything outside of the namespace', async () => {
    await bench.client.set('elsewhere', 'kept')
    const neighbour = await bench.open(catalog, {
      namespace: `${bench.namespace}x`,
      sources: { other: async () => 1 },
    })
    await neighbour.other.get('a')
    await neighbour.settled()
    const cache = await bench.open(catalog)
    await cache.clear()
    expect(await bench.client.get('elsewhere')).toBe('kept')
    expect(neighbour.other.peek('a')).toBe(1)
    expect(await neighbour.other.lookup('a', { consistency: 'strict' })).toMatchObject({
      from: 'redis',
    })
  })

  describe('whose record is lost', () => {
    it('make values absent, never valid again', async () => {
      let version = 1
      const load = async () => ({ version, owner: 'ann' })
      const cache = await bench.open(catalog, { sources: { position: load } })
      await cache.position.get('a')
      await cache.settled()
      version = 2
      await cache.invalidateTag('owner:ann')
      await bench.client.del(`{${bench.namespace}:0}:m`)
      expect(await cache.position.get('a', { consistency: 'strict' })).toMatchObject({ version: 2 })
    })
  })
})
