/** Hash slots that move from one primary to another while caches are in use. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ClusterNode, TestCluster } from '../servers/cluster.ts'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { useTraffic } from './traffic.ts'
import { healthy, held, type ItemCache, ids, useWorld } from './world.ts'

const idCount = 64

describeWithRedis('a cluster whose slots move', () => {
  // A slot may take longer to move on a busy machine than callers wait by default.
  const world = useWorld({ budget: '2s' })
  const traffic = useTraffic(world)
  let cluster: TestCluster
  beforeAll(async () => {
    cluster = await TestCluster.start()
  })
  afterAll(() => cluster?.stop())

  /** The name of a key on the servers, `{tag}:k:item:7`, wherever it is. */
  const nameOf = async (id: number): Promise<string> => {
    for (const { client } of cluster.primaries) {
      const [name] = await client.keys(`{${world().namespace}:*}:k:item:${id}`)
      if (name !== undefined) return name
    }
    throw new Error(`no server has item:${id}`)
  }
  const slotOf = async (id: number): Promise<number> => cluster.slotOf(await nameOf(id))
  const anotherThan = (owner: ClusterNode): ClusterNode => {
    const other = cluster.primaries.find((node) => node !== owner)
    if (other === undefined) throw new Error('expected another primary')
    return other
  }
  const holds = async (cache: ItemCache, id: number): Promise<void> => {
    await held(cache, id)
    await cache.settled()
  }

  it('serves nothing old and fails no caller while partitions move under load', async () => {
    const caches = await Promise.all([1, 2, 3].map(() => world().open(cluster.seeds)))
    for (const id of ids(idCount)) await caches[0]?.item.get(id)
    await caches[0]?.settled()
    const slots = new Set(await Promise.all(ids(idCount).map(slotOf)))
    const running = traffic.start(caches, ids(idCount))
    for (const slot of [...slots].slice(0, 6)) {
      const from = await cluster.ownerOf(slot)
      await cluster.move(slot, anotherThan(from))
      await running.more(60)
    }
    await running.stop()
    await Promise.all(caches.map((cache) => healthy(cache)))
    for (const id of ids(idCount)) for (const cache of caches) await world().read(cache, id)
    expect(running.failures).toEqual([])
    world().expectPromise()
  })

  it('is followed by a process that only waited, with memory and messages', async () => {
    const [one, two] = await Promise.all([world().open(cluster.seeds), world().open(cluster.seeds)])
    await holds(one, 1)
    const slot = await slotOf(1)
    const to = anotherThan(await cluster.ownerOf(slot))
    await cluster.move(slot, to)
    await eventually('it is trusted at the new server', async () => {
      await one.item.get(1)
      return one.item.peek(1) !== undefined && one.health().state === 'ok'
    })
    const version = await world().write(two, 1)
    await eventually('the message has come', () => one.item.peek(1) === undefined)
    expect(await one.item.get(1)).toBe(version)
    await one.settled()
    expect(await cluster.ownerOf(await slotOf(1))).toBe(to)
  })

  it('keeps a value that moved from being served before it is loaded once anew', async () => {
    const [one, two] = await Promise.all([world().open(cluster.seeds), world().open(cluster.seeds)])
    await holds(one, 1)
    const slot = await slotOf(1)
    await cluster.move(slot, anotherThan(await cluster.ownerOf(slot)))
    await Promise.all([healthy(one), healthy(two)])
    const { loads } = world().database
    expect((await two.item.lookup(1)).from).toBe('source')
    expect(world().database.loads).toBe(loads + 1)
  })

  it('takes nothing for current that came back from a server that had it meanwhile', async () => {
    const [one, two] = await Promise.all([world().open(cluster.seeds), world().open(cluster.seeds)])
    await holds(one, 1)
    const name = await nameOf(1)
    const slot = await slotOf(1)
    const home = await cluster.ownerOf(slot)
    const old = (await home.client.get(name)) ?? ''
    expect(old).toMatch(/^V\|/)
    await cluster.move(slot, anotherThan(home))
    const version = await world().write(two, 1)
    await cluster.move(slot, home)
    await Promise.all([healthy(one), healthy(two)])
    // As if the other server had failed over and lost the invalidation before it gave it back.
    await home.client.set(name, old, 'PX', 60_000)
    const { from, value } = await one.item.lookup(1, { consistency: 'strict' })
    expect({ from, value }).toEqual({ from: 'source', value: version })
  })

  it('scans nothing while a partition is on its way, and says so', async () => {
    const cache = await world().open(cluster.seeds)
    await holds(cache, 1)
    const slot = await slotOf(1)
    const to = anotherThan(await cluster.ownerOf(slot))
    await cluster.beginMove(slot, to)
    await expect(cache.invalidatePattern('item:*')).rejects.toMatchObject({
      code: 'SP_INVALIDATION_PENDING',
    })
    await cluster.move(slot, to)
    await eventually('it is swept', () => cache.pending().length === 0, 20_000)
    const left = await Promise.all(
      cluster.primaries.map(({ client }) => client.keys(`{${world().namespace}:*}:k:item:*`)),
    )
    expect(left.flat()).toEqual([])
  })

  it('trusts nothing while the record of a partition and its beat are apart', async () => {
    const [one, two] = await Promise.all([world().open(cluster.seeds), world().open(cluster.seeds)])
    await holds(one, 1)
    const name = await nameOf(1)
    const slot = await slotOf(1)
    const record = name.replace(/:k:.*$/, ':m')
    const to = anotherThan(await cluster.ownerOf(slot))
    const from = await cluster.beginMove(slot, to)
    await cluster.moveKeys(from, to, [record, name])
    await world().database.bump(1)
    // As a process would that followed ASK: executed, and told to nobody who listens here.
    await to.client.call('ASKING')
    await to.client.call('DEL', name)
    await eventually('memory is no longer served', async () => {
      return (await one.item.lookup(1)).from === 'source'
    })
    expect(await one.item.get(1)).toBe(1)
    expect(one.health().state).not.toBe('ok')
    await expect(two.item.invalidate(1)).rejects.toMatchObject({ code: 'SP_INVALIDATION_PENDING' })
    const left = await from.client.call('CLUSTER', 'GETKEYSINSLOT', slot, 100)
    await cluster.moveKeys(from, to, Array.isArray(left) ? left.map(String) : [])
    await cluster.endMove(slot, to)
    await eventually('it is delivered', () => two.pending().length === 0)
    await healthy(one)
    await holds(one, 1)
  })

  it('sends an invalidation again to where its slot has gone', async () => {
    const [one, two] = await Promise.all([world().open(cluster.seeds), world().open(cluster.seeds)])
    for (const id of ids(idCount)) await one.item.get(id)
    await one.settled()
    const slot = await slotOf(1)
    const to = anotherThan(await cluster.ownerOf(slot))
    await cluster.move(slot, to)
    const receipt = await two.item.invalidate(ids(idCount))
    expect(receipt.pending).toEqual([])
    expect(two.pending()).toEqual([])
  })

  it('takes in a new node and lets an old one go', async () => {
    const cache = await world().open(cluster.seeds)
    await holds(cache, 1)
    const slot = await slotOf(1)
    const added = await cluster.add()
    await cluster.move(slot, added)
    const namesAt = async ({ client }: ClusterNode) =>
      [...String(await client.client('LIST')).matchAll(/ name=(staleproof\S*)/g)]
        .map(([, name]) => name)
        .sort()
        .join()
    await eventually('two connections are at the new node', async () => {
      return (await namesAt(added)) === 'staleproof,staleproof-bus'
    })
    await healthy(cache)
    const [back] = cluster.primaries
    if (back === undefined) throw new Error('expected a primary')
    await cluster.move(slot, back)
    await eventually('the node without partitions is left', async () => {
      return (await namesAt(added)) === ''
    })
    await healthy(cache)
  })
})
