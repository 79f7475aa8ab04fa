/** Tags, families, patterns and everything, invalidated while Redis is out of reach. */
import { type Cache, defineCatalog, family, openCache, type Receipt, shape } from 'staleproof'
import { afterEach, expect, it } from 'vitest'
import { Recorder } from '../contract/events.ts'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { useWorld, type World } from './world.ts'

const catalog = defineCatalog('groups', {
  item: family('item:{name}', {
    value: shape<number>(),
    ttl: '5m',
    tags: (_value, name) => [`letter:${name.slice(0, 1)}`],
  }),
  rest: family('rest:{name}', { value: shape<number>(), ttl: '5m' }),
})
type Families = typeof catalog extends { families: infer F } ? F : never
type GroupCache = Cache<Families>

const ways: readonly (readonly [string, (cache: GroupCache) => Promise<Receipt>, boolean])[] = [
  ['item:a', (cache) => cache.item.invalidate('a'), false],
  ['tag:letter:a', (cache) => cache.invalidateTag('letter:a'), false],
  ['family:item', (cache) => cache.item.clear(), false],
  ['item:*', (cache) => cache.invalidatePattern('item:*'), false],
  ['*', (cache) => cache.clear(), true],
]

describeWithRedis('an invalidation of a group that is pending', () => {
  const theWorld = useWorld()
  const caches: GroupCache[] = []

  afterEach(async () => {
    await Promise.all(caches.splice(0).map((cache) => cache.close()))
  })

  const open = async ({ namespace, database }: World, redis: string) => {
    const sources = { item: database.load, rest: database.load }
    const options = { service: 'test', namespace, log: false, redis, sources } as const
    const cache = await openCache(catalog, options)
    caches.push(cache)
    return cache
  }
  /** The writer holds both in memory; then it alone loses its network. */
  const writerCutOff = async (world: World) => {
    const writer = await open(world, `redis://127.0.0.1:${world.proxy.port}`)
    const other = await open(world, world.server.url)
    for (const cache of [writer, other]) {
      await Promise.all([cache.item.get('a'), cache.rest.get('a')])
      await cache.settled()
    }
    world.proxy.mode('all', 'refuse')
    world.proxy.cut('all')
    world.database.value = 2
    return { writer, other }
  }

  it.each(ways)('%s is shown, and obeyed by its own process at once', async (name, invalidate) => {
    const { writer, other } = await writerCutOff(theWorld())
    await expect(invalidate(writer)).rejects.toMatchObject({ code: 'SP_INVALIDATION_PENDING' })
    expect(writer.pending().map(({ key }) => key)).toEqual([name])
    expect(await writer.item.get('a')).toBe(2)
    expect(await other.item.get('a', { consistency: 'strict' })).toBe(1)
  })

  it.each(ways)('%s is delivered before anything is read', async (_, invalidate, isAll) => {
    const world = theWorld()
    const { writer, other } = await writerCutOff(world)
    const recorder = new Recorder()
    writer.observe(recorder)
    await invalidate(writer).catch(() => {})
    world.proxy.mode('all', 'pass')
    await eventually('Redis is read again', async () => {
      const outcome = await writer.item.lookup('a')
      expect(outcome.value).toBe(2)
      return outcome.from === 'redis' || outcome.from === 'memory'
    })
    expect(writer.pending()).toEqual([])
    expect(recorder.of('invalidate').map(({ via }) => via)).toContain('retry')
    expect(await other.item.get('a', { consistency: 'strict' })).toBe(2)
    await eventually('its memory too', () => other.item.peek('a') !== 1)
    expect(await other.rest.get('a', { consistency: 'strict' })).toBe(isAll ? 2 : 1)
  })

  it('survives the death of Redis together with all others', async () => {
    const world = theWorld()
    const { writer } = await writerCutOff(world)
    await world.server.kill()
    for (const [, invalidate] of ways) await invalidate(writer).catch(() => {})
    expect(writer.pending().map(({ key }) => key)).toEqual([
      '*',
      'tag:letter:a',
      'family:item',
      'item:a',
      'item:*',
    ])
    expect(writer.stats().delivery).toMatchObject({ pending: ways.length, late: 0 })
    await world.server.restart()
    world.proxy.mode('all', 'pass')
    await eventually('all is delivered', () => writer.pending().length === 0)
    expect(writer.stats().delivery).toMatchObject({ late: ways.length, oldestAgeMs: undefined })
    await eventually('all is well', () => writer.health().state === 'ok')
  })
})
