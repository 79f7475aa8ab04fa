/** In a cluster channels have a shard, and what a process publishes lies on one node. */
import { type Cache, defineCatalog, family, shape } from 'staleproof'
import { openReporter } from 'staleproof/ops'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { useCaches } from '../contract/caches.ts'
import { TestCluster } from '../servers/cluster.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { examine } from './patient.ts'

const catalog = defineCatalog('told', {
  item: family('item:{id}', { value: shape<string>(), ttl: '1m' }),
})
/** What the caches of a cluster tell of themselves. */
const asked = ['CMD05', 'CMD11', 'CMD12', 'KEY06', 'KEY08', 'LAT01', 'PLT01', 'PLT03', 'PLT05']

describeWithRedis('doctor on a cluster', () => {
  let cluster: TestCluster
  beforeAll(async () => {
    cluster = await TestCluster.start()
  })
  afterAll(() => cluster?.stop())
  const { open } = useCaches(() => ({ redis: cluster.seeds }))

  it('sees the processes and their channels, whichever node is named', async () => {
    const cache: Cache<(typeof catalog)['families']> = await open(catalog, { service: 'api' })
    const addresses = cluster.seeds.cluster.map(({ host, port }) => `${host}:${port}`)
    const reporter = await openReporter(cache, { redis: { cluster: addresses } })
    try {
      const { namespace } = cache.about()
      for (const address of addresses) {
        for (const options of [{}, { namespace }]) {
          const report = await examine(`redis://${address}`, { ...options, only: asked })

          const unseen = report.findings.filter(({ reason }) => reason !== undefined)
          expect(unseen.map(({ id, reason }) => `${id} ${reason}`)).toEqual([])
          expect(report.findings).toHaveLength(asked.length)
        }
      }
    } finally {
      await reporter.close()
    }
  })
})
