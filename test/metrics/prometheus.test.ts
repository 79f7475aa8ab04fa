/**
 * Metrics against a real Redis: the server's own numbers by the names of redis_exporter, and the
 * whole text as Prometheus itself judges it.
 */
import { defineCatalog, family, openCache, shape } from 'staleproof'
import { type Metrics, type MetricsOptions, openMetrics } from 'staleproof/prometheus'
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeWithPromtool, promtool } from '../servers/promtool.ts'
import { describeWithRedis, startRedis, type TestRedis } from '../servers/redis.ts'

const catalog = defineCatalog('shop', {
  user: family('user:{id:int}', { value: shape<string>(), ttl: '1m' }),
})

async function open(options: (redis: TestRedis) => MetricsOptions = () => ({})) {
  const redis = await startRedis({ args: ['--maxmemory', '64mb', '--maxclients', '500'] })
  onTestFinished(() => redis.stop())
  const sources = { user: (id: number) => `user ${id}` }
  const cache = await openCache(catalog, { service: 'api', redis: redis.url, log: false, sources })
  onTestFinished(() => cache.close())
  const metrics = openMetrics(cache, options(redis))
  onTestFinished(() => metrics.close())
  for (const id of [1, 2, 3]) await cache.user.get(id)
  await cache.user.invalidate(1, { reason: 'renamed' })
  await cache.settled()
  return { redis, cache, metrics }
}

const lagCount = 'cache_invalidation_lag_seconds_count'

/** The value of a series without labels, or with the labels as they are written. */
function valueIn(text: string, series: string): number | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `))
  return line === undefined ? undefined : Number(line.slice(series.length + 1))
}

/** The first text of a scrape that has become so. */
async function shown(metrics: Metrics, isSo: (text: string) => boolean): Promise<string> {
  let text = ''
  await eventually('a scrape shows it', async () => {
    text = await metrics.metrics()
    return isSo(text)
  })
  return text
}

describeWithRedis('metrics of a cache on Redis', () => {
  test('time its calls to Redis by what they do', async () => {
    const { metrics } = await open()
    const text = await metrics.metrics()
    const count = (operation: string) => {
      const name = 'cache_redis_operation_duration_seconds_count'
      return valueIn(text, `${name}{operation="${operation}"}`) ?? 0
    }
    expect(count('read')).toBeGreaterThan(0)
    expect(count('fill')).toBeGreaterThan(0)
    expect(count('invalidate')).toBe(1)
    expect(valueIn(text, 'cache_redis_connections{state="up"}')).toBe(1)
    expect(valueIn(text, 'cache_redis_pending')).toBe(0)
  })

  test('tell how long an invalidation was on its way', async () => {
    const { metrics } = await open()
    const lag = await shown(metrics, (text) => valueIn(text, lagCount) === 1)
    expect(valueIn(lag, 'cache_invalidation_lag_seconds_sum')).toBeLessThan(5)
  })

  test('count the connection that has come back, and say that it was away', async () => {
    const { redis, metrics } = await open()
    await redis.kill()
    await shown(metrics, (text) => valueIn(text, 'cache_redis_connections{state="down"}') === 1)
    await redis.restart()
    const text = await shown(metrics, (one) => {
      return valueIn(one, 'cache_redis_connections{state="up"}') === 1
    })
    expect(valueIn(text, 'cache_redis_reconnects_total')).toBeGreaterThanOrEqual(1)
  })

  test('show numbers of the server where they are wanted, by names of an exporter', async () => {
    const { metrics } = await open(({ url }) => ({ server: url }))
    const text = await shown(metrics, (one) => valueIn(one, 'redis_up') === 1)
    expect(valueIn(text, 'redis_memory_max_bytes')).toBe(64 * 1_048_576)
    expect(valueIn(text, 'redis_config_maxclients')).toBe(500)
    expect(valueIn(text, 'redis_db_keys{db="db0"}')).toBeGreaterThan(0)
    expect(valueIn(text, 'redis_slowlog_length')).toBeTypeOf('number')
    expect(text).toMatch(/^redis_commands_duration_seconds_total\{cmd="[a-z|]+"\} \d/m)
    expect(valueIn(text, 'redis_rdb_last_bgsave_status')).toBe(1)
    // It is a primary of its own: what it does not tell is not there.
    expect(valueIn(text, 'redis_master_link_up')).toBeUndefined()
    expect(valueIn(text, 'redis_cluster_state')).toBeUndefined()
  })

  test('say that the server is down, and make no scrape wait for it', async () => {
    const { metrics } = await open(() => ({ server: 'redis://127.0.0.1:1' }))
    const text = await shown(metrics, (one) => valueIn(one, 'redis_up') === 0)
    expect(valueIn(text, 'redis_memory_used_bytes')).toBeUndefined()
  })
})

describeWithPromtool('the text of a scrape', () => {
  test('is what Prometheus reads, without a complaint about names, kinds or help', async () => {
    const { metrics } = await open(({ url }) => ({ server: url }))
    const scraped = await shown(metrics, (one) => valueIn(one, 'redis_up') === 1)
    const { text } = promtool(['check', 'metrics'], {}, scraped)
    // Names of redis_exporter are what they are.
    expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('redis_'))).toEqual([])
  })
})
