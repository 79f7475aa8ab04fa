/** Of a Cluster the API shows what all primaries have, whichever node it is led to. */
import { Cluster } from 'ioredis'
import { type Ops, openOps, openReporter } from 'staleproof/ops'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TestCluster } from '../servers/cluster.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { askJson, openWorld, tokens, type World } from './world.ts'

const keysTotal = 300
const partitions = 30
const nodesTotal = 3
const nodes = Array.from({ length: nodesTotal }, (_, node) => node)

describeWithRedis('with a Cluster', () => {
  let cluster: TestCluster
  let world: World
  const led: Ops[] = []
  beforeAll(async () => {
    cluster = await TestCluster.start({ primaries: nodesTotal })
    world = await openWorld()
    const client = new Cluster(cluster.seeds.cluster)
    const { cache, reporter } = world
    const { namespace } = cache.about()
    for (let at = 0; at < keysTotal; at++) {
      await client.set(`{${namespace}:${at % partitions}}:k:market:${at}`, '', 'EX', 600)
    }
    client.disconnect()
    for (const { server } of cluster.primaries) {
      led.push(openOps(cache, { reporter, redis: server.url, auth: tokens }))
    }
  })
  afterAll(async () => {
    for (const ops of led) await ops.close()
    await world.close()
    await cluster.stop()
  })

  function jsonBy(node: number) {
    const ops = led[node]
    if (ops === undefined) throw new Error('expected an API for each node')
    return askJson(ops)
  }

  test.each(nodes)('node %i leads to the count of all, which is not done at once', async (node) => {
    const dryRun = { body: { pattern: 'market:*', dryRun: true } }
    const plan = (await jsonBy(node)('/invalidate', dryRun)).body
    expect(plan).toMatchObject({ count: keysTotal, isEstimate: false, needsConfirm: true })
  })

  test('keys are listed across nodes, and any process goes on with the cursor', async () => {
    const keys = new Set<string>()
    let [cursor, pages]: [string | undefined, number] = ['', 0]
    while (cursor !== undefined) {
      const query = new URLSearchParams({ pattern: '*', limit: '40', cursor })
      const { status, body } = await jsonBy(pages++ % nodesTotal)(`/keys?${query}`)
      expect(status).toBe(200)
      for (const { key, ttlMs } of body.keys) {
        keys.add(key)
        expect(ttlMs).toBeGreaterThan(0)
      }
      cursor = body.cursor
    }
    expect(keys.size).toBe(keysTotal)
  })

  test.each(nodes)('node %i leads to what all nodes say of themselves', async (node) => {
    const { body } = await jsonBy(node)('/redis')
    const ports = body.nodes.map(({ address }: { address: string }) => address.split(':').at(-1))
    expect(ports.sort()).toEqual(cluster.primaries.map(({ server }) => `${server.port}`).sort())
    expect(body).toMatchObject({ server: { keysByFamily: { market: keysTotal } } })
    expect(body.withheld).toEqual([])
  })

  test('the past of each node is told beside that of all', async () => {
    const { cache } = world
    const reporter = await openReporter(cache, { redis: cluster.seeds })
    const ops = openOps(cache, { reporter, auth: tokens })
    const told = { 'a:1': { used_memory: 200 }, 'b:1': { used_memory: 300 } }
    const sample = {
      ...{ atMs: Date.now(), stepMs: 60_000, counts: {}, families: {}, server: {} },
      cluster: { nodes: told, omitted: 0 },
    }
    const client = new Cluster(cluster.seeds.cluster)
    const stream = `{${cache.about().namespace}:0}:o:history`
    await client.xadd(stream, '*', 's', JSON.stringify(sample))
    client.disconnect()
    const { body } = await askJson(ops)('/series?range=15m')
    await ops.close()
    await reporter.close()
    const newest = (values: readonly (number | null)[]) => values.findLast((one) => one !== null)
    expect(newest(body.series.usedBytes)).toBe(500)
    expect(Object.keys(body.nodes)).toEqual(Object.keys(told))
    expect(newest(body.nodes['b:1'].usedBytes)).toBe(300)
  })
})
