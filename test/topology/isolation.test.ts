/** Primaries that are none any more, or are cut off, while connections to them stay open. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { TestReplication } from '../servers/sentinel.ts'
import { healthy, held, type ItemCache, ids, useWorld } from './world.ts'

const world = useWorld()
const slotName = (id: number) => `{${world().namespace}:0}:k:item:${id}`

/** Until neither memory nor Redis serves the id; what was asked for later is new. */
async function onlyFromSource(cache: ItemCache, id: number): Promise<void> {
  await eventually('only the source is asked', async () => {
    return (await cache.item.lookup(id)).from === 'source'
  })
}

describeWithRedis('a primary that hears from no replica', () => {
  let servers: TestReplication
  beforeEach(async () => {
    const args = ['--min-replicas-to-write', '1', '--min-replicas-max-lag', '1']
    servers = await TestReplication.start({ args: [...args, '--repl-ping-replica-period', '1'] })
  })
  afterEach(() => servers?.stop())

  it('refuses invalidations and gives no proof, so nothing of it is served', async () => {
    const { primary } = servers
    const [one, two] = await Promise.all([
      world().open(primary.server.url),
      world().open(primary.server.url),
    ])
    await held(one, 1)
    await one.settled()
    servers.cutReplication()
    await eventually('writes are refused', async () => {
      const reply = primary.client.set('probe', '1')
      return String(await reply.catch((error: unknown) => error)).includes('NOREPLICAS')
    })
    const version = await world().database.bump(1)
    await expect(two.item.invalidate(1)).rejects.toMatchObject({ code: 'SP_INVALIDATION_PENDING' })
    await onlyFromSource(one, 1)
    // It would answer if it were asked: the old value is there, on an open connection.
    expect(await primary.client.get(slotName(1))).toMatch(/^V\|/)
    expect(await one.item.get(1)).toBe(version)
    servers.healReplication()
    await eventually('it is delivered', () => two.pending().length === 0, 20_000)
    await healthy(one)
    expect(await one.item.get(1)).toBe(version)
  })

  it('beside a promoted one is served from only until it refuses', async () => {
    const { primary, replica } = servers
    const behind = await world().open(primary.server.url)
    await held(behind, 1)
    await behind.settled()
    await servers.inStep()
    servers.cutReplication()
    await replica.client.config('SET', 'min-replicas-to-write', '0')
    await replica.client.replicaof('NO', 'ONE')
    const ahead = await world().open(replica.server.url)
    const version = await world().database.bump(1)
    expect((await ahead.item.invalidate(1)).pending).toEqual([])
    await onlyFromSource(behind, 1)
    for (let reads = 0; reads < 50; reads++) expect(await behind.item.get(1)).toBe(version)
    expect(await primary.client.get(slotName(1))).toMatch(/^V\|/)
    expect(await ahead.item.get(1)).toBe(version)
  })
})

describeWithRedis('a primary that was demoted without a word', () => {
  let servers: TestReplication
  beforeEach(async () => {
    servers = await TestReplication.start()
  })
  afterEach(() => servers?.stop())

  it('is not believed for longer than Δ, though it answers on open connections', async () => {
    const { primary, replica } = servers
    const behind = await world().open(primary.server.url)
    await held(behind, 1)
    await behind.settled()
    await servers.inStep()
    await replica.client.replicaof('NO', 'ONE')
    servers.cutReplication()
    const connections = async () => {
      const list = String(await primary.client.client('LIST'))
      return [...list.matchAll(/^id=(\d+) .*name=staleproof/gm)].map(([, id]) => id)
    }
    const before = await connections()
    // Behind a link that refuses: it becomes a replica and keeps the data that it has.
    await primary.client.replicaof('127.0.0.1', servers.link.port)
    expect(await connections()).toEqual(before)
    expect(await primary.client.get(slotName(1))).toMatch(/^V\|/)
    const ahead = await world().open(replica.server.url)
    const version = await world().database.bump(1)
    await ahead.item.invalidate(1)
    await onlyFromSource(behind, 1)
    for (let reads = 0; reads < 50; reads++) expect(await behind.item.get(1)).toBe(version)
    expect(await primary.client.get(slotName(1))).toMatch(/^V\|/)
  })

  it('and promoted again has another stamp, and what it kept is void', async () => {
    const { primary } = servers
    const cache = await world().open(primary.server.url)
    for (const id of ids(5)) await held(cache, id)
    await cache.settled()
    const old = (await primary.client.get(slotName(1))) ?? ''
    expect(old).toMatch(/^V\|/)
    const incarnations: string[] = []
    cache.observe({
      notify: (event) => event.kind === 'incarnation' && incarnations.push(event.now),
    })
    // There and back on one connection, as a cluster that fails over twice.
    await primary.client.replicaof('127.0.0.1', servers.link.port)
    await primary.client.replicaof('NO', 'ONE')
    const version = await world().database.bump(1)
    await eventually('the beat has seen another stamp', () => incarnations.length > 0)
    await primary.client.set(slotName(1), old, 'PX', 60_000)
    const { value, from } = await cache.item.lookup(1)
    expect({ value, from }).toEqual({ value: version, from: 'source' })
    await healthy(cache)
  })
})
