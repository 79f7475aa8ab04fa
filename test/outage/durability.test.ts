/** What a receipt says about replicas, with `durability` configured. */
import { expect, it } from 'vitest'
import { Recorder } from '../contract/events.ts'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis, startRedis } from '../servers/redis.ts'
import { useWorld, type World } from './world.ts'

const durability = { replicas: 1, timeout: '100ms' } as const

describeWithRedis('an invalidation with durability configured', () => {
  const theWorld = useWorld(['--repl-diskless-sync-delay', '0'])

  const withReplica = async ({ server, admin }: World) => {
    const replica = await startRedis({ args: ['--replicaof', '127.0.0.1', String(server.port)] })
    await eventually('the replica is in step', async () => (await admin.wait(1, 100)) === 1)
    return replica
  }

  it('says that a replica has it', async () => {
    const world = theWorld()
    const replica = await withReplica(world)
    const cache = await world.open({ redis: world.server.url, durability })
    const receipt = await cache.item.invalidate('a')
    expect(receipt.durable).toBe(true)
    expect(cache.stats().delivery.notReplicated).toBe(0)
    await cache.close()
    await replica.stop()
  })

  it('resolves, reports and counts where too few replicas have it in time', async () => {
    const world = theWorld()
    const replica = await withReplica(world)
    const cache = await world.open({ redis: world.server.url, durability })
    const recorder = new Recorder()
    cache.observe(recorder)
    replica.freeze()
    const receipt = await cache.item.invalidate('a')
    expect(receipt).toMatchObject({ durable: false, pending: [] })
    expect(cache.stats().delivery.notReplicated).toBe(1)
    expect(recorder.of('fault')).toMatchObject([{ error: { code: 'SP_NOT_REPLICATED' } }])
    replica.resume()
    await cache.close()
    await replica.stop()
  })

  it('says nothing of replicas where nobody asked for them', async () => {
    const cache = await theWorld().open()
    expect(await cache.item.invalidate('a')).not.toHaveProperty('durable')
  })
})
