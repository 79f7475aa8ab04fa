/** A replica takes over: what the primary had acknowledged and not replicated is lost there. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { TestReplication } from '../servers/sentinel.ts'
import { useTraffic } from './traffic.ts'
import { healthy, held, ids, useWorld } from './world.ts'

describeWithRedis('a failover by Sentinels', () => {
  const world = useWorld()
  const traffic = useTraffic(world)
  let servers: TestReplication
  beforeEach(async () => {
    servers = await TestReplication.start({ sentinels: 1 })
  })
  afterEach(() => servers?.stop())

  const slotName = (id: number) => `{${world().namespace}:0}:k:item:${id}`
  const slotOnReplica = async (id: number) => (await servers.replica.client.get(slotName(id))) ?? ''
  const openTwo = () =>
    Promise.all([world().open(servers.sentinels), world().open(servers.sentinels)])

  it('that lost an acknowledged invalidation brings no old value back', async () => {
    const [reader, writer] = await openTwo()
    const replayed: string[] = []
    writer.observe({
      notify: (event) =>
        event.kind === 'invalidate' && event.via === 'replay' && replayed.push(...event.keys),
    })
    await held(reader, 1)
    await reader.settled()
    await servers.inStep()
    servers.cutReplication()
    const version = await world().write(writer, 1)
    await servers.primary.server.kill()
    await servers.promoted()
    // Reproduced: the value from before the invalidation is what the new primary holds.
    expect(await slotOnReplica(1)).toMatch(/^V\|/)
    const reads = async () => {
      for (const cache of [reader, writer]) expect(await world().read(cache, 1)).toBe(version)
    }
    await reads()
    await Promise.all([healthy(reader), healthy(writer)])
    await reads()
    await reader.settled()
    await reads()
    await eventually('the writer has said it again', () => replayed.includes('item:1'))
    world().expectPromise()
  })

  it('that lost the invalidation of a load under way lets nobody store it', async () => {
    const [reader, writer] = await openTwo()
    await held(reader, 2)
    await servers.inStep()
    servers.cutReplication()
    const version = await world().write(writer, 2)
    await held(reader, 2)
    await servers.primary.server.kill()
    await servers.promoted()
    await Promise.all([healthy(reader), healthy(writer)])
    expect(await world().read(reader, 2)).toBe(version)
    await held(reader, 2)
    await eventually('the new primary has the new value', async () =>
      (await slotOnReplica(2)).endsWith(`|${version}`),
    )
    world().expectPromise()
  })

  it('while the old primary lives is followed by both connections, under load', async () => {
    const caches = await openTwo()
    for (const id of ids(20)) await caches[0].item.get(id)
    const running = traffic.start(caches, ids(20), { mayPend: true })
    await running.more(100)
    await servers.askSentinel('SENTINEL', 'FAILOVER', 'main')
    const four = ['staleproof', 'staleproof', 'staleproof-bus', 'staleproof-bus']
    await eventually('all connections are at the new primary', async () => {
      const list = String(await servers.replica.client.client('LIST'))
      const names = [...list.matchAll(/ name=(staleproof\S*)/g)].map(([, name]) => name)
      return names.sort().join() === four.join()
    })
    await running.more(100)
    await running.stop()
    await Promise.all(caches.map((cache) => healthy(cache)))
    expect(running.failures).toEqual([])
    for (const cache of caches) for (const id of ids(20)) await world().read(cache, id)
    world().expectPromise()
  })
})
