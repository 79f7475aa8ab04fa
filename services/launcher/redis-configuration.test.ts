/** The recommended configuration, as a real server takes it. */
import { defineCatalog, family, openCache, shape } from 'staleproof'
import { afterEach, expect, it } from 'vitest'
import { describeWithRedis, nativeRedis } from '../../test/servers/redis.ts'
import { runFolder } from '../../test/servers/run-folder.ts'
import { readCheckout } from '../../test/tidy/source-files.ts'
import { redisConfiguration } from './redis-configuration.ts'
import { askRedis } from './redis-probe.ts'
import { type RedisServer, startRedisServer } from './redis-server.ts'
import { RunRecord } from './run-record.ts'

const settings = redisConfiguration()

const catalog = defineCatalog('recommended', {
  item: family('item:{id:int}', { value: shape<number>(), ttl: '30s' }),
})

it('every line of it is argued for', () => {
  const page = readCheckout('docs/redis-configuration.md')
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \| `([^`]*)` \| \S/gm)]
  const argued = rows.map(([, name = '', value = '']) => [name, value === '""' ? '' : value])
  expect(Object.fromEntries(argued)).toEqual(settings)
})

describeWithRedis('the recommended configuration', () => {
  let server: RedisServer | undefined
  const record = new RunRecord(runFolder)

  afterEach(async () => {
    await server?.stop()
    record.close()
  })

  it('is taken by a server as it stands, and is a good one to a cache', async () => {
    const searchPath = nativeRedis()?.replace(/\/[^/]+$/, '') ?? ''
    const told = { onLine: () => {}, onNote: () => {} }
    server = await startRedisServer({ searchPath, record, ...told })
    const { url } = server
    const taken = await askRedis(url, 5_000, async (redis) => {
      const replies = Object.keys(settings).map(async (name) => {
        const [, value] = (await redis.config('GET', name)) as readonly string[]
        return [name, value ?? ''] as const
      })
      return Object.fromEntries(await Promise.all(replies))
    })
    const { 'client-output-buffer-limit': limits, maxmemory, maxclients, ...others } = taken
    expect(others).toEqual(
      Object.fromEntries(Object.keys(others).map((name) => [name, settings[name]])),
    )
    expect(Number(maxmemory)).toBe(256 * 1_048_576)
    // A machine may allow fewer files than that.
    expect(Number(maxclients)).toBeLessThanOrEqual(Number(settings.maxclients))
    expect(limits).toContain(`pubsub ${32 * 1_048_576} ${8 * 1_048_576} 60`)
    const cache = await openCache(catalog, { service: 'api', redis: url, log: false })
    expect(cache.health().state).toBe('ok')
    await cache.close()
  })
})
