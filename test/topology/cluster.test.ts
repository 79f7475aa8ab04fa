/** What a cache promises, on a cluster of three primaries. */
import { Cluster } from 'ioredis'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ClusterNode, TestCluster } from '../servers/cluster.ts'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { healthy, held, ids, useWorld } from './world.ts'

describeWithRedis('a cache on a cluster', () => {
  const world = useWorld()
  let cluster: TestCluster
  beforeAll(async () => {
    cluster = await TestCluster.start()
  })
  afterAll(() => cluster?.stop())

  const keysOf = async ({ client }: ClusterNode): Promise<string[]> =>
    (await client.keys(`{${world().namespace}:*}:k:*`)).map((name) => name.replace(/^.*?:k:/, ''))

  it('reads a value from the servers that another process has loaded', async () => {
    const [one, two] = await Promise.all([world().open(cluster.seeds), world().open(cluster.seeds)])
    for (const id of ids(60)) await one.item.get(id)
    await one.settled()
    expect(world().database.loads).toBe(60)
    for (const id of ids(60)) expect((await two.item.lookup(id)).from).toBe('redis')
    expect(world().database.loads).toBe(60)
  })

  it('spreads keys over all primaries, none of which has much more than its share', async () => {
    const cache = await world().open(cluster.seeds)
    await cache.item.getMany(ids(600))
    await cache.settled()
    const counts = await Promise.all(
      cluster.primaries.map(async (node) => (await keysOf(node)).length),
    )
    expect(counts.reduce((sum, count) => sum + count)).toBe(600)
    for (const count of counts) expect(count).toBeGreaterThan(120)
  })

  it('reads many keys of all partitions at once', async () => {
    const [one, two] = await Promise.all([world().open(cluster.seeds), world().open(cluster.seeds)])
    for (const id of ids(40)) await world().database.bump(id)
    expect(await one.item.getMany(ids(40))).toEqual(ids(40).map(() => 1))
    await one.settled()
    expect(await two.item.getMany(ids(40))).toEqual(ids(40).map(() => 1))
    expect(world().database.loads).toBe(40)
  })

  it('drops what another process invalidates, in every partition', async () => {
    const [one, two] = await Promise.all([world().open(cluster.seeds), world().open(cluster.seeds)])
    for (const id of ids(32)) await held(one, id)
    const receipt = await two.item.invalidate(ids(32), { reason: 'moved' })
    expect(receipt.pending).toEqual([])
    await eventually('memory has dropped them', () =>
      ids(32).every((id) => one.item.peek(id) === undefined),
    )
    expect((await Promise.all(cluster.primaries.map(keysOf))).flat()).toEqual([])
  })

  it('reads its own write in another process by the token of the receipt', async () => {
    const [one, two] = await Promise.all([world().open(cluster.seeds), world().open(cluster.seeds)])
    for (const id of ids(16)) await held(one, id)
    for (const id of ids(16)) {
      const version = await world().database.bump(id)
      const { token } = await two.item.invalidate(id)
      expect(await one.item.get(id, { after: token })).toBe(version)
    }
  })

  it('invalidates by tag in every partition', async () => {
    const [one, two] = await Promise.all([world().open(cluster.seeds), world().open(cluster.seeds)])
    await one.tagged.getMany(ids(48))
    for (const id of ids(48)) await world().database.bump(id)
    await two.invalidateTag('group:1')
    await eventually('the tag is void everywhere', async () => {
      const values = await one.tagged.getMany(ids(48))
      return values.every((value, at) => (value === 1) === ((at + 1) % 3 === 1))
    })
  })

  it('clears a family and nothing else', async () => {
    const [one, two] = await Promise.all([world().open(cluster.seeds), world().open(cluster.seeds)])
    await Promise.all([one.item.getMany(ids(32)), one.other.getMany(ids(32))])
    for (const id of ids(32)) await world().database.bump(id)
    await two.item.clear()
    await eventually('the family is read anew', async () =>
      (await one.item.getMany(ids(32))).every((value) => value === 1),
    )
    expect(await one.other.getMany(ids(32))).toEqual(ids(32).map(() => 0))
  })

  it('invalidates by pattern, scanning every primary', async () => {
    const [one, two] = await Promise.all([world().open(cluster.seeds), world().open(cluster.seeds)])
    await Promise.all([one.item.getMany(ids(60)), one.other.getMany(ids(60))])
    await one.settled()
    await two.invalidatePattern('item:*')
    const left = (await Promise.all(cluster.primaries.map(keysOf))).flat()
    expect(left.sort()).toEqual(
      ids(60)
        .map((id) => `other:${id}`)
        .sort(),
    )
  })

  it('quarantines keys of several partitions around a write', async () => {
    const [one, two] = await Promise.all([world().open(cluster.seeds), world().open(cluster.seeds)])
    for (const id of ids(20)) await held(one, id)
    const keys = ids(20).map((id) => two.item.key(id))
    await two.mutate(keys, async () => {
      expect((await one.item.lookup(1, { consistency: 'strict' })).from).toBe('source')
      for (const id of ids(20)) await world().database.bump(id)
    })
    expect(await one.item.getMany(ids(20), { consistency: 'strict' })).toEqual(ids(20).map(() => 1))
  })

  it('opens one connection for commands and one for messages to each primary', async () => {
    const cache = await world().open(cluster.seeds)
    await cache.item.getMany(ids(64))
    for (const { client } of cluster.primaries) {
      // One more has read the map, and goes when it has.
      await eventually('two connections are left', async () => {
        const list = String(await client.client('LIST'))
        const names = [...list.matchAll(/ name=(staleproof\S*)/g)].map(([, name]) => name)
        return names.sort().join() === 'staleproof,staleproof-bus'
      })
    }
  })

  it('takes addresses and options of a Cluster and leaves it alone', async () => {
    const given = new Cluster(cluster.seeds.cluster, { lazyConnect: true })
    const cache = await world().open(given)
    await cache.item.getMany(ids(20))
    await cache.settled()
    expect((await Promise.all(cluster.primaries.map(keysOf))).flat()).toHaveLength(20)
    expect(given.status).toBe('wait')
  })

  it('takes one of another copy of ioredis, by its shape', async () => {
    const [seed] = cluster.seeds.cluster
    const foreign = {
      isCluster: true,
      startupNodes: [{ host: seed?.host, port: seed?.port }],
      options: { redisOptions: {}, scaleReads: 'master' },
    }
    const cache = await world().open(foreign)
    await cache.item.getMany(ids(20))
    await cache.settled()
    expect((await Promise.all(cluster.primaries.map(keysOf))).flat()).toHaveLength(20)
  })

  it('finds all primaries from one that lives, whatever else was given', async () => {
    const [seed] = cluster.seeds.cluster
    const cache = await world().open({ cluster: ['127.0.0.1:1', `127.0.0.1:${seed?.port}`] })
    expect(cache.health()).toMatchObject({ state: 'ok' })
    await cache.item.getMany(ids(20))
    await cache.settled()
    expect((await Promise.all(cluster.primaries.map(keysOf))).flat()).toHaveLength(20)
  })

  it('opens while no node answers, and heals when one does', async () => {
    for (const { server } of cluster.primaries) server.freeze()
    const cache = await world().open(cluster.seeds)
    expect(await cache.item.get(1)).toBe(0)
    expect(cache.health().state).toBe('down-to-source')
    for (const { server } of cluster.primaries) server.resume()
    await healthy(cache)
  })

  it('leaves no connection behind when it is closed', async () => {
    const cache = await world().open(cluster.seeds)
    await cache.close()
    for (const { client } of cluster.primaries) {
      await eventually('all connections are gone', async () => {
        const list = String(await client.client('LIST'))
        return !list.includes('name=staleproof')
      })
    }
  })

  it('reads from the servers without memory where messages are forbidden', async () => {
    for (const { client } of cluster.primaries) {
      const rights = ['~*', '&*', '+@all', '-ssubscribe']
      await client.call('ACL', 'SETUSER', 'deaf', 'on', '>secret', ...rights)
    }
    const deaf = { ...cluster.seeds, username: 'deaf', password: 'secret' }
    const [one, two] = await Promise.all([world().open(deaf), world().open(cluster.seeds)])
    await two.item.getMany(ids(20))
    await two.settled()
    await eventually('the servers are used', async () => {
      return (await one.item.lookup(1)).from === 'redis'
    })
    for (const id of ids(20)) expect((await one.item.lookup(id)).from).toBe('redis')
    expect(one.item.peek(1)).toBeUndefined()
    expect(one.health().state).toBe('degraded')
    const version = await world().database.bump(1)
    expect((await two.item.invalidate(1)).pending).toEqual([])
    expect(await one.item.get(1)).toBe(version)
  })
})
