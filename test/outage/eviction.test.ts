import { defineCatalog, family, openCache, shape } from 'staleproof'
import { afterEach, expect, it } from 'vitest'
import { describeWithRedis, startRedis, type TestRedis } from '../servers/redis.ts'

const catalog = defineCatalog('eviction', {
  item: family('item:{name}', { value: shape<number>(), ttl: '30s' }),
})

describeWithRedis('a Redis that evicts', () => {
  let server: TestRedis | undefined

  afterEach(async () => {
    await server?.stop()
  })

  const healthUnder = async (policy: string) => {
    server = await startRedis({ args: ['--maxmemory', '64mb', '--maxmemory-policy', policy] })
    const cache = await openCache(catalog, { service: 'api', redis: server.url, log: false })
    const health = cache.health()
    await cache.close()
    return health
  }

  it.each(['volatile-ttl', 'allkeys-random'])(
    'is unhealthy where leases may be evicted before values: %s',
    async (policy) => {
      const { state, reasons } = await healthUnder(policy)
      const told = [expect.stringContaining(policy)]
      expect({ state, reasons }).toEqual({ state: 'degraded', reasons: told })
    },
  )

  it.each(['allkeys-lru', 'allkeys-lfu', 'noeviction'])('%s is fine', async (policy) => {
    expect((await healthUnder(policy)).state).toBe('ok')
  })
})
