/** Primaries of a cluster that die: with nobody to take over, and with a replica that lags. */
import { afterEach, expect, it } from 'vitest'
import { type ClusterNode, TestCluster } from '../servers/cluster.ts'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { healthy, held, type ItemCache, ids, useWorld } from './world.ts'

describeWithRedis('a cluster that loses a primary', () => {
  const world = useWorld()
  let cluster: TestCluster
  afterEach(() => cluster?.stop())

  /** Where the slot of an id is, by the name of its key. */
  const placeOf = async (
    id: number,
  ): Promise<{ node: ClusterNode; name: string; slot: number }> => {
    for (const node of cluster.primaries) {
      const [name] = await node.client.keys(`{${world().namespace}:*}:k:item:${id}`)
      if (name !== undefined) return { node, name, slot: await cluster.slotOf(name) }
    }
    throw new Error(`no server has item:${id}`)
  }

  /** Ids on one node, and those on the others, all in memory and on the servers. */
  const divided = async (cache: ItemCache) => {
    for (const id of ids(48)) await held(cache, id)
    await cache.settled()
    const places = new Map<number, Awaited<ReturnType<typeof placeOf>>>()
    for (const id of ids(48)) places.set(id, await placeOf(id))
    const lost = places.get(1)?.node
    if (lost === undefined) throw new Error('expected a place')
    const gone = ids(48).filter((id) => places.get(id)?.node === lost)
    const stay = ids(48).filter((id) => !gone.includes(id))
    const slots = new Set(gone.map((id) => places.get(id)?.slot ?? 0))
    return { lost, gone, stay, slots }
  }

  it('for good reads its partitions from the source and the others as ever', async () => {
    cluster = await TestCluster.start()
    const [one, two] = await Promise.all([world().open(cluster.seeds), world().open(cluster.seeds)])
    const { lost, gone, stay, slots } = await divided(one)
    await lost.server.kill()
    await eventually('the partitions of the lost node go to the source', async () => {
      const outcomes = await Promise.all(gone.map((id) => one.item.lookup(id)))
      return outcomes.every(({ from }) => from === 'source')
    })
    expect(one.health().state).toBe('degraded')
    expect(one.health().reasons.join()).toMatch(/for \d+ of 16 partitions/)
    for (const id of stay) expect((await one.item.lookup(id)).from).toBe('memory')
    for (const id of stay) await world().write(two, id)
    await expect(two.item.invalidate(gone)).rejects.toMatchObject({
      code: 'SP_INVALIDATION_PENDING',
    })
    const [heir] = cluster.primaries.filter((node) => node !== lost)
    if (heir === undefined) throw new Error('expected another primary')
    await heir.client.call('CLUSTER', 'BUMPEPOCH')
    for (const slot of slots) await cluster.endMove(slot, heir)
    await Promise.all([healthy(one), healthy(two)])
    expect(two.pending()).toEqual([])
    for (const id of gone) await held(one, id)
    for (const id of ids(48)) for (const cache of [one, two]) await world().read(cache, id)
    world().expectPromise()
  })

  it('for a while, because it hangs, reads and writes the others as ever', async () => {
    cluster = await TestCluster.start()
    const [one, two] = await Promise.all([world().open(cluster.seeds), world().open(cluster.seeds)])
    const { lost, gone, stay } = await divided(one)
    lost.server.freeze()
    await eventually('its partitions go to the source at once', async () => {
      const outcomes = await Promise.all(gone.map((id) => one.item.lookup(id)))
      return outcomes.every(({ from, why }) => from === 'source' && why === 'redisDown')
    })
    for (const id of stay) expect((await one.item.lookup(id)).from).toBe('memory')
    for (const id of stay) await world().write(two, id)
    for (const id of stay) await world().read(one, id)
    lost.server.resume()
    await Promise.all([healthy(one), healthy(two)])
    for (const id of gone) await held(one, id)
    world().expectPromise()
  })

  it('with what it had not replicated brings no old value back', async () => {
    cluster = await TestCluster.start({ replicas: 1 })
    const [reader, writer] = await Promise.all([
      world().open(cluster.seeds),
      world().open(cluster.seeds),
    ])
    await held(reader, 1)
    await reader.settled()
    const { node: primary, name } = await placeOf(1)
    const replica = cluster.replicas[cluster.primaries.indexOf(primary)]?.[0]
    if (replica === undefined) throw new Error('expected a replica')
    await eventually('the replica has the value', async () => {
      await replica.client.readonly()
      return (await replica.client.get(name)) !== null
    })
    replica.server.freeze()
    await primary.client.client('KILL', 'TYPE', 'REPLICA')
    const version = await world().write(writer, 1)
    await primary.server.kill()
    replica.server.resume()
    await eventually('the replica has taken over', async () => {
      return (await replica.client.info('replication')).includes('role:master')
    })
    expect(await replica.client.get(name)).toMatch(/^V\|/)
    for (const cache of [reader, writer]) expect(await world().read(cache, 1)).toBe(version)
    await Promise.all([healthy(reader), healthy(writer)])
    for (const cache of [reader, writer]) expect(await world().read(cache, 1)).toBe(version)
    await held(reader, 1)
    await eventually('the new primary has the new value', async () =>
      ((await replica.client.get(name)) ?? '').endsWith(`|${version}`),
    )
    world().expectPromise()
  })

  it('by a hand-over in place follows, though no connection was closed', async () => {
    cluster = await TestCluster.start({ replicas: 1 })
    const [reader, writer] = await Promise.all([
      world().open(cluster.seeds),
      world().open(cluster.seeds),
    ])
    await held(reader, 1)
    await reader.settled()
    const { node: primary, slot } = await placeOf(1)
    const replica = cluster.replicas[cluster.primaries.indexOf(primary)]?.[0]
    await replica?.client.call('CLUSTER', 'FAILOVER', 'TAKEOVER')
    await eventually('the replica has the slot', async () => {
      return (await cluster.ownerOf(slot)) === replica
    })
    await eventually('commands and messages are there', async () => {
      const list = String(await replica?.client.client('LIST'))
      return list.match(/ name=staleproof(-bus)? /g)?.length === 4
    })
    await Promise.all([healthy(reader), healthy(writer)])
    await held(reader, 1)
    const version = await world().write(writer, 1)
    await eventually('the message has come', () => reader.item.peek(1) === undefined)
    expect(await world().read(reader, 1)).toBe(version)
    world().expectPromise()
  })
})
