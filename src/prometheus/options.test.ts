import { Counter, Registry } from 'prom-client'
import { describe, expect, onTestFinished, test } from 'vitest'
import { defineCatalog } from '../core/catalog.ts'
import { family } from '../core/family.ts'
import { shape } from '../core/shape.ts'
import type { ReporterParts } from '../observe/index.ts'
import { openCache } from '../open.ts'
import { readScrape, seriesOf } from './exposition.test-support.ts'
import { type MetricsOptions, openMetrics } from './index.ts'

const catalog = defineCatalog('shop', {
  user: family('user:{id:int}', { value: shape<string>(), ttl: '1m' }),
  price: family('price:{id:int}', { value: shape<string>(), ttl: '20s' }),
})

async function open(options: MetricsOptions = {}) {
  const sources = { user: (id: number) => `user ${id}`, price: (id: number) => `${id}` }
  const cache = await openCache(catalog, { service: 'api', log: false, sources })
  onTestFinished(() => cache.close())
  const metrics = openMetrics(cache, options)
  onTestFinished(() => metrics.close())
  return { cache, metrics, scrape: async () => readScrape(await metrics.metrics()) }
}

describe('a registry of the host', () => {
  test('shows its own metrics and ours', async () => {
    const register = new Registry()
    new Counter({ name: 'orders_total', help: 'Orders', registers: [register] }).inc(3)
    const { cache } = await open({ register })
    await cache.user.get(1)
    const scrape = readScrape(await register.metrics())
    const reads = { cache: 'user', result: 'miss', served_by: 'source' }
    expect(scrape.get('orders_total')).toBe(3)
    expect(scrape.get(seriesOf('cache_gets_total', reads))).toBe(1)
  })

  test('is as it was when they are closed, and they can be opened anew', async () => {
    const register = new Registry()
    const { cache, metrics } = await open({ register })
    await metrics.close()
    expect(register.getMetricsAsArray()).toEqual([])
    const again = openMetrics(cache, { register })
    expect(await again.metrics()).toContain('cache_gets_total{')
    await again.close()
  })

  test('takes the metrics of one cache, and the second is refused before it observes', async () => {
    const { cache, metrics } = await open()
    const before = cache.stats().observerErrors
    expect(() => openMetrics(cache, { register: metrics.register })).toThrow(
      expect.objectContaining({ code: 'SP_OPTION_INVALID' }),
    )
    expect(cache.stats().observerErrors).toBe(before)
  })

  test('may speak OpenMetrics', async () => {
    const register = new Registry()
    const openMetricsType = Registry.OPENMETRICS_CONTENT_TYPE
    Object.assign(register, { _contentType: openMetricsType })
    const { metrics } = await open({ register })
    const text = await metrics.metrics()
    expect(metrics.contentType).toBe(openMetricsType)
    expect(text).toContain('cache_gets_total{cache="user",result="hit",served_by="memory"} 0')
    expect(text.endsWith('# EOF\n')).toBe(true)
  })
})

test.each([{ profile: 'half' }, { parts: {} }, { scaling: 7 }, { unknown: true }])(
  '%j is refused',
  async (options) => {
    await expect(open(options as MetricsOptions)).rejects.toMatchObject({
      code: expect.stringMatching(/^SP_OPTION_/),
    })
  },
)

test('closed ones are no observers any more, of which a cache takes sixteen', async () => {
  const { cache } = await open()
  for (let time = 0; time < 20; time++) await openMetrics(cache).close()
  await cache.user.get(1)
  expect(cache.stats().observerErrors).toBe(0)
})

test('vitals times all families together and counts each', async () => {
  const { cache, scrape } = await open({ profile: 'vitals' })
  await Promise.all([cache.user.get(1), cache.price.get(1)])
  const told = await scrape()
  const reads = { result: 'miss', served_by: 'source' }
  expect(told.get('cache_get_duration_seconds_count{served_by="source"}')).toBe(2)
  expect(told.get(seriesOf('cache_gets_total', { ...reads, cache: 'price' }))).toBe(1)
})

test('names with quotes, line ends and backslashes can not break out of their label', async () => {
  const { metrics, scrape } = await open()
  const before = (await scrape()).size
  const hostile = 'a"} 1\ncache_size{cache="b\\'
  metrics.add('cache_client_throttled_total', { limit: hostile }, 5)
  const told = await scrape()
  const limit = 'a\\"} 1\\ncache_size{cache=\\"b\\\\'
  expect(told.size).toBe(before + 1)
  expect(told.get(`cache_client_throttled_total{limit="${limit}"}`)).toBe(5)
})

describe('what a service reports beside its cache', () => {
  const task = {
    ...{ name: 'popular', critical: true, everyMs: 300_000, executions: 3, successes: 2 },
    ...{ failures: 1, isRunning: false, lastRunMs: 1, lastSuccessMs: 90_000 },
    ...{ lastDurationMs: 400, lastError: undefined },
  }
  const parts: ReporterParts = {
    warming: { name: 'warm', standing: 'elected', loads: 1, running: 0, waiting: 0, tasks: [task] },
    preloading: { activeGroups: 0, dropped: 0, families: { user: { loaded: 8, used: 6 } } },
    prediction: { state: 'on', precision: 0.5, preloads: 4, used: 2, wasted: 2 },
    liveData: {
      quotes: [
        {
          ...{ name: 'ws', kind: 'stream', state: 'up', isActive: true, activations: 2 },
          ...{ lastSuccessAgeMs: 1, lastError: undefined, received: 9, failures: 1, p99Ms: 1 },
        },
      ],
    },
    database: {
      ...{
        max: 8,
        used: 3,
        idle: 2,
        waiting: 1,
        queries: 9,
        waits: 4,
        queryP95Ms: 1,
        waitP95Ms: 1,
      },
    },
  }

  test('is told with the rest', async () => {
    const { scrape } = await open({ parts: () => parts })
    const told = await scrape()
    expect(Object.fromEntries(told)).toMatchObject({
      'cache_warm_runs_total{outcome="ok",task="popular"}': 2,
      'cache_warm_runs_total{outcome="error",task="popular"}': 1,
      'cache_warm_last_success_timestamp_seconds{task="popular"}': 90,
      'cache_warm_interval_seconds{task="popular"}': 300,
      'cache_warm_duration_seconds_sum{task="popular"}': 0.4,
      'cache_preload_total{cache="user"}': 8,
      'cache_preload_used_total{cache="user"}': 6,
      cache_prediction_precision_ratio: 0.5,
      'cache_source_up{live_data="quotes",source="ws"}': 1,
      'cache_source_switches_total{live_data="quotes",source="ws"}': 2,
      'db_pool_connections{state="idle"}': 2,
      'db_pool_connections{state="used"}': 3,
      db_pool_pending: 1,
    })
  })

  test('a run of a task is timed once, however often it is looked at', async () => {
    let successes = 2
    const tasks = () => [{ ...task, successes, lastDurationMs: 100 * successes }]
    const { scrape } = await open({
      parts: () => ({ ...parts, warming: { ...parts.warming, tasks: tasks() } }) as ReporterParts,
    })
    await scrape()
    await scrape()
    successes = 3
    const told = await scrape()
    expect(told.get('cache_warm_duration_seconds_count{task="popular"}')).toBe(2)
    expect(told.get('cache_warm_duration_seconds_sum{task="popular"}')).toBeCloseTo(0.5)
  })

  test('what is advised is there for an autoscaler', async () => {
    const figures = { replicas: 2, replicasAdvised: 3, memoryAdvisedBytes: 1_024 }
    const { scrape } = await open({
      scaling: () => ({
        services: { api: figures },
        redisMemoryAdvisedBytes: 2_048,
        redisMemoryFullMs: undefined,
      }),
    })
    const told = await scrape()
    expect(told.get('cache_replicas_advised{service="api"}')).toBe(3)
    expect(told.get('cache_redis_memory_advised_bytes')).toBe(2_048)
    expect(told.has('cache_redis_memory_full_seconds')).toBe(false)
  })
})

test('some memory hits are timed, and stand for all', async () => {
  const { cache, scrape } = await open()
  await cache.user.get(1)
  await cache.settled()
  for (let read = 0; read < 20_000; read++) await cache.user.get(1)
  const told = await scrape()
  const timed = told.get('cache_get_duration_seconds_count{cache="user",served_by="memory"}')
  const counted = told.get('cache_gets_total{cache="user",result="hit",served_by="memory"}')
  expect(Math.abs((timed ?? 0) - (counted ?? 0))).toBeLessThan(1_000)
})
