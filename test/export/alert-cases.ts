/**
 * For each alert: series with which it fires, and series with which it does not, mostly a little
 * beyond and a little within its limit. Values are those of promtool: `0+60x120` rises by 60 a
 * minute, for two hours.
 */

/** By series: its values, one a minute. */
export type Scene = Readonly<Record<string, string>>

export interface AlertCase {
  /** When it is looked at, in minutes. */
  readonly atMinute: number
  readonly fires: readonly Scene[]
  readonly quiet: readonly Scene[]
}

const family = 'job="api",cache="market"'
const redis = 'job="redis",instance="redis:6379"'

/** So many a minute. */
const each = (count: number) => `0+${count}x120`
const always = (value: number) => `${value}x120`

/** Reads a minute that hit, and that miss. */
const reads = (hits: number, misses: number): Scene => ({
  [`cache_gets_total{${family},result="hit",served_by="memory"}`]: each(hits),
  [`cache_gets_total{${family},result="miss",served_by="source"}`]: each(misses),
})

interface Timed {
  readonly metric: string
  readonly labels: string
  readonly edge: string
}

/** So many a minute of a histogram within an edge, and in all. */
const within = ({ metric, labels, edge }: Timed, good: number, all: number): Scene => ({
  [`${metric}_bucket{${labels},le="${edge}"}`]: each(good),
  [`${metric}_bucket{${labels},le="+Inf"}`]: each(all),
  [`${metric}_count{${labels}}`]: each(all),
})

const lag = { metric: 'cache_invalidation_lag_seconds', labels: 'job="api"', edge: '0.5' }
const breadth = { metric: 'cache_invalidated_keys', labels: family, edge: '100' }
const operation = {
  metric: 'cache_redis_operation_duration_seconds',
  labels: 'job="api",operation="read"',
  edge: '0.01',
}
const query = { metric: 'db_query_duration_seconds', labels: 'job="api"', edge: '0.5' }

const request = (method: string, route: string, edge: string): Timed => ({
  metric: 'http_server_request_duration_seconds',
  labels: `job="api",method="${method}",route="${route}"`,
  edge,
})
const positions = request('GET', '/api/v1/positions/user/:userId', '0.2')
const market = request('GET', '/api/v1/markets/:marketId', '0.15')
/** No market: it has a goal of its own, or none. */
const search = request('GET', '/api/v1/markets/search', '0.15')
const batch = request('POST', '/api/v1/markets/batch', '0.3')

const answers = (good: number, bad: number): Scene => ({
  'http_server_requests_total{job="api",route="/markets",method="GET",status="200"}': each(good),
  'http_server_requests_total{job="api",route="/markets",method="GET",status="503"}': each(bad),
})

const memory = (used: number, max: number): Scene => ({
  [`redis_memory_used_bytes{${redis}}`]: always(used),
  [`redis_memory_max_bytes{${redis}}`]: always(max),
})
const clients = (count: number, max: string): Scene => ({
  [`redis_connected_clients{${redis}}`]: always(count),
  [`${max}{${redis}}`]: always(1_000),
})
const keys = (all: number, expiring: number): Scene => ({
  [`redis_db_keys{${redis},db="db0"}`]: always(all),
  [`redis_db_keys_expiring{${redis},db="db0"}`]: always(expiring),
})
const breaker = (values: string): Scene => ({
  'cache_breaker_state{job="api",breaker="family:market",state="open"}': values,
})
const health = (values: string): Scene => ({
  'cache_health_state{job="api",state="down_to_source"}': values,
})
const warmed = (everySeconds: number): Scene => ({
  'cache_warm_last_success_timestamp_seconds{job="api",task="markets"}': always(60),
  'cache_warm_interval_seconds{job="api",task="markets"}': always(everySeconds),
})
const warmFailures: Scene = {
  'cache_warm_runs_total{job="api",task="markets",outcome="error"}': '0+1x120',
}
const neverRun: Scene = {
  'cache_warm_runs_total{job="api",task="markets",outcome="error"}': always(0),
  'cache_warm_interval_seconds{job="api",task="markets"}': always(300),
}
const one = (name: string, labels: string, values: string): Scene => ({
  [`${name}{${labels}}`]: values,
})

export const alertCases: Readonly<Record<string, AlertCase>> = {
  CacheHitRateLow: { atMinute: 30, fires: [reads(138, 62)], quiet: [reads(142, 58), reads(5, 40)] },
  CacheHitRateCritical: {
    atMinute: 30,
    fires: [reads(98, 102)],
    quiet: [reads(102, 98), reads(5, 40)],
  },
  CacheStaleReads: {
    atMinute: 20,
    fires: [one('cache_stale_reads_total', family, '0x14 1x20')],
    quiet: [one('cache_stale_reads_total', family, always(5))],
  },
  CacheInvalidationLag: {
    atMinute: 40,
    fires: [within(lag, 94, 100)],
    quiet: [within(lag, 96, 100)],
  },
  CacheInvalidationsPending: {
    atMinute: 10,
    fires: [one('cache_invalidations_pending_oldest_seconds', 'job="api"', '0+60x20')],
    quiet: [one('cache_invalidations_pending_oldest_seconds', 'job="api"', always(55))],
  },
  CacheInvalidationTooBroad: {
    atMinute: 90,
    fires: [within(breadth, 94, 100), within({ ...breadth, edge: '100.0' }, 94, 100)],
    quiet: [within(breadth, 96, 100), within({ ...breadth, edge: '100.0' }, 96, 100)],
  },
  CacheBreakerOpen: {
    atMinute: 10,
    fires: [breaker(always(1))],
    quiet: [breaker(always(0)), breaker('0x9 1x9')],
  },
  CacheDownToSource: {
    atMinute: 10,
    fires: [health(always(1))],
    quiet: [health(always(0)), health('0x9 1x9')],
  },
  CacheWarmStale: {
    atMinute: 30,
    fires: [warmed(300), warmFailures],
    quiet: [warmed(3_600), { ...warmed(3_600), ...warmFailures }, neverRun],
  },
  RedisP95High: {
    atMinute: 20,
    fires: [within(operation, 188, 200)],
    quiet: [within(operation, 192, 200), within(operation, 10, 50)],
  },
  RedisDown: {
    atMinute: 10,
    fires: [one('redis_up', redis, '1x3 0x20')],
    quiet: [one('redis_up', redis, always(1)), one('redis_up', redis, '1x9 0x9')],
  },
  RedisMemoryHigh: {
    atMinute: 20,
    fires: [memory(81, 100)],
    quiet: [memory(79, 100), memory(9, 0)],
  },
  RedisMemoryCritical: {
    atMinute: 20,
    fires: [memory(91, 100)],
    quiet: [memory(89, 100), memory(9, 0)],
  },
  RedisMemoryFullSoon: {
    atMinute: 30,
    fires: [one('cache_redis_memory_full_seconds', 'job="api"', always(5 * 3_600))],
    quiet: [one('cache_redis_memory_full_seconds', 'job="api"', always(7 * 3_600))],
  },
  RedisMaxmemoryUnset: { atMinute: 90, fires: [memory(9, 0)], quiet: [memory(9, 100)] },
  RedisEvictions: {
    atMinute: 90,
    fires: [one('redis_evicted_keys_total', redis, each(18))],
    quiet: [one('redis_evicted_keys_total', redis, each(15))],
  },
  RedisConnectionsHigh: {
    atMinute: 20,
    fires: [clients(810, 'redis_max_clients'), clients(810, 'redis_config_maxclients')],
    quiet: [clients(790, 'redis_max_clients'), clients(790, 'redis_config_maxclients')],
  },
  RedisRejectedConnections: {
    atMinute: 20,
    fires: [one('redis_rejected_connections_total', redis, '3x17 4x20')],
    quiet: [one('redis_rejected_connections_total', redis, always(3))],
  },
  RedisPersistenceFailing: {
    atMinute: 20,
    fires: [
      one('redis_rdb_last_bgsave_status', redis, always(0)),
      one('redis_aof_last_write_status', redis, always(0)),
    ],
    quiet: [
      {
        ...one('redis_rdb_last_bgsave_status', redis, always(1)),
        ...one('redis_aof_last_write_status', redis, always(1)),
      },
    ],
  },
  RedisKeysWithoutTTL: {
    atMinute: 60,
    fires: [keys(1_000, 790), keys(1_000, 0)],
    quiet: [keys(1_000, 810), keys(90, 0)],
  },
  DatabaseP95High: {
    atMinute: 20,
    fires: [within(query, 188, 200)],
    quiet: [within(query, 192, 200)],
  },
  DatabaseConnectionsHigh: {
    atMinute: 20,
    fires: [
      {
        ...one('db_pool_connections', 'job="api",instance="a",state="used"', always(41)),
        ...one('db_pool_connections', 'job="api",instance="b",state="idle"', always(41)),
      },
    ],
    quiet: [
      {
        ...one('db_pool_connections', 'job="api",instance="a",state="used"', always(80)),
        ...one('db_pool_connections', 'job="bot",instance="b",state="idle"', always(40)),
      },
    ],
  },
  DatabaseRequestRate: {
    atMinute: 30,
    fires: [within(query, 201 * 60, 201 * 60)],
    quiet: [within(query, 199 * 60, 199 * 60)],
  },
  ApiErrorRate: {
    atMinute: 20,
    fires: [answers(94, 6)],
    quiet: [answers(96, 4), answers(4, 4)],
  },
  EndpointPositionsSlow: {
    atMinute: 20,
    fires: [within(positions, 94, 100)],
    quiet: [within(positions, 96, 100), within(positions, 4, 8)],
  },
  EndpointMarketSlow: {
    atMinute: 20,
    fires: [within(market, 94, 100)],
    quiet: [within(market, 96, 100), within(search, 94, 100)],
  },
  EndpointBatchSlow: {
    atMinute: 20,
    fires: [within(batch, 94, 100)],
    quiet: [within(batch, 96, 100)],
  },
}
