/** The records of operations lie on one node of a cluster, and any node leads to it. */
import { type Cache, defineCatalog, family, shape } from 'staleproof'
import { openReporter } from 'staleproof/ops'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { useCaches } from '../contract/caches.ts'
import { TestCluster } from '../servers/cluster.ts'
import { describeWithRedis } from '../servers/redis.ts'

const catalog = defineCatalog('told', {
  item: family('item:{id}', { value: shape<string>(), ttl: '1m' }),
})

describeWithRedis('a reporter on a cluster', () => {
  let cluster: TestCluster
  beforeAll(async () => {
    cluster = await TestCluster.start()
  })
  afterAll(() => cluster?.stop())
  const { open } = useCaches(() => ({ redis: cluster.seeds }))

  it('finds the others, whichever node it enters by', async () => {
    const addresses = cluster.seeds.cluster.map(({ host, port }) => `${host}:${port}`)
    const reporters = await Promise.all(
      addresses.map(async (address, index) => {
        const cache: Cache<(typeof catalog)['families']> = await open(catalog, {
          service: `service${index}`,
        })
        return openReporter(cache, { redis: { cluster: [address] } })
      }),
    )
    for (const reporter of reporters) {
      const { processes, isComplete } = await reporter.facts()
      expect(isComplete).toBe(true)
      expect(processes).toHaveLength(addresses.length)
      expect(reporter.failures).toBe(0)
    }
    for (const reporter of reporters) await reporter.close()
  })
})
