/** Of a Cluster a dry run counts what all nodes have, whichever it is led to. */
import { Cluster } from 'ioredis'
import { openOps } from 'staleproof/ops'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TestCluster } from '../servers/cluster.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { askJson, openWorld, tokens, type World } from './world.ts'

const keysTotal = 300
const partitions = 30

describeWithRedis('with a Cluster', () => {
  let cluster: TestCluster
  let world: World
  beforeAll(async () => {
    cluster = await TestCluster.start()
    world = await openWorld()
    const client = new Cluster(cluster.seeds.cluster)
    const { namespace } = world.cache.about()
    for (let at = 0; at < keysTotal; at++) {
      await client.set(`{${namespace}:${at % partitions}}:k:market:${at}`, '')
    }
    client.disconnect()
  })
  afterAll(async () => {
    await world.close()
    await cluster.stop()
  })

  test('every node leads to the count of all, and that is beyond what goes at once', async () => {
    for (const { server } of cluster.primaries) {
      const { cache, reporter } = world
      const ops = openOps(cache, { reporter, redis: server.url, auth: tokens })
      const json = askJson(ops)
      const dryRun = { body: { pattern: 'market:*', dryRun: true } }
      const plan = (await json('/invalidate', dryRun)).body
      expect(plan).toMatchObject({ count: keysTotal, isEstimate: false, needsConfirm: true })
      await ops.close()
    }
  })
})
