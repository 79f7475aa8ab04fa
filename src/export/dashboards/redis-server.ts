/** The Redis server, as it tells itself and as services feel it. */
import { increase, series, sumBy } from '../promql.ts'
import type { Dashboard, Panel } from './dashboard.ts'
import { instance, job, newBuilds, perSecond, quantile, query, window } from './queries.ts'

const matching = { instance }

const now: readonly Panel[] = [
  {
    title: 'Memory used',
    description: 'Of maxmemory. Goal 70 %, warned of above 80 %, critical above 90 %.',
    kind: 'number',
    unit: 'percentunit',
    width: 4,
    queries: [
      query(
        `${series('redis_memory_used_bytes', matching)} / ` +
          `(${series('redis_memory_max_bytes', matching)} > 0)`,
        '{{instance}}',
      ),
    ],
    limits: { good: 'below', warning: 0.8, critical: 0.9 },
  },
  {
    title: 'Until 90 % are used',
    description: 'If use grows on as in the last day; nothing where it does not grow.',
    kind: 'number',
    unit: 's',
    width: 4,
    queries: [query(`min(${series('cache_redis_memory_full_seconds')})`, 'full in')],
  },
  {
    title: 'Evicted in an hour',
    description: 'More than 1,000 are too many.',
    kind: 'number',
    unit: 'short',
    width: 4,
    queries: [
      query(
        sumBy(['instance'], increase(series('redis_evicted_keys_total', matching), '1h')),
        '{{instance}}',
      ),
    ],
    limits: { good: 'below', warning: 1, critical: 1_000 },
  },
  {
    title: 'Connections',
    description: 'Of those that it allows. Goal 50 %, warned of above 80 %.',
    kind: 'number',
    unit: 'percentunit',
    width: 4,
    queries: [
      query(
        `${series('redis_connected_clients', matching)} / ` +
          `((${series('redis_max_clients', matching)} or ` +
          `${series('redis_config_maxclients', matching)}) > 0)`,
        '{{instance}}',
      ),
    ],
    limits: { good: 'below', warning: 0.5, critical: 0.8 },
  },
  {
    title: 'p95 as services feel it',
    description: 'Goal 5 ms, warned of above 10 ms.',
    kind: 'number',
    unit: 's',
    width: 4,
    queries: [
      query(
        quantile(0.95, 'cache_redis_operation_duration_seconds', { by: [], matching: { job } }),
        'p95',
      ),
    ],
    limits: { good: 'below', warning: 0.005, critical: 0.01 },
  },
  {
    title: 'Answers',
    description: '1: it did when it was last asked.',
    kind: 'number',
    unit: 'short',
    width: 4,
    queries: [query(series('redis_up', matching), '{{instance}}')],
    limits: { good: 'above', warning: 1, critical: 0.5 },
  },
]

const memory: readonly Panel[] = [
  {
    title: 'Memory',
    description: 'Used, resident, the limit, and the limit that is advised.',
    kind: 'lines',
    unit: 'bytes',
    width: 12,
    queries: [
      query(series('redis_memory_used_bytes', matching), '{{instance}} used'),
      query(series('redis_memory_used_rss_bytes', matching), '{{instance}} resident'),
      query(series('redis_memory_max_bytes', matching), '{{instance}} maxmemory'),
      query(`max(${series('cache_redis_memory_advised_bytes')})`, 'advised'),
    ],
  },
  {
    title: 'Keys, and keys that expire',
    description: 'The two should hardly differ.',
    kind: 'lines',
    unit: 'short',
    width: 12,
    queries: [
      query(sumBy(['instance'], series('redis_db_keys', matching)), '{{instance}} keys'),
      query(
        sumBy(['instance'], series('redis_db_keys_expiring', matching)),
        '{{instance}} expiring',
      ),
    ],
  },
  {
    title: 'Evicted and expired',
    description: 'Keys per second.',
    kind: 'lines',
    unit: 'ops',
    width: 12,
    queries: [
      query(perSecond('redis_evicted_keys_total', ['instance'], matching), '{{instance}} evicted'),
      query(perSecond('redis_expired_keys_total', ['instance'], matching), '{{instance}} expired'),
    ],
  },
  {
    title: 'Fragmentation',
    description: 'Resident by used memory. Below 1 it swaps.',
    kind: 'lines',
    unit: 'none',
    width: 12,
    queries: [query(series('redis_mem_fragmentation_ratio', matching), '{{instance}}')],
  },
]

const work: readonly Panel[] = [
  {
    title: 'Commands',
    description: 'Per second.',
    kind: 'lines',
    unit: 'ops',
    width: 8,
    queries: [
      query(perSecond('redis_commands_processed_total', ['instance'], matching), '{{instance}}'),
    ],
  },
  {
    title: 'Time spent by command',
    description: 'Seconds of the server, per second; the ten most expensive.',
    kind: 'stack',
    unit: 's',
    width: 8,
    queries: [
      query(
        `topk(10, ${perSecond('redis_commands_duration_seconds_total', ['cmd'], matching)})`,
        '{{cmd}}',
      ),
    ],
  },
  {
    title: 'Look-ups that found a key',
    description: 'Of the whole server, locks and sessions of others included.',
    kind: 'stack',
    unit: 'ops',
    width: 8,
    queries: [
      query(perSecond('redis_keyspace_hits_total', [], matching), 'hits'),
      query(perSecond('redis_keyspace_misses_total', [], matching), 'misses'),
    ],
  },
  {
    title: 'p95 of operations, as services feel them',
    description: 'With the network and their own waiting.',
    kind: 'lines',
    unit: 's',
    width: 8,
    queries: [
      query(
        quantile(0.95, 'cache_redis_operation_duration_seconds', {
          by: ['operation'],
          matching: { job },
        }),
        '{{operation}}',
      ),
    ],
    limits: { good: 'below', warning: 0.005, critical: 0.01 },
  },
  {
    title: 'Errors answered',
    description: 'By their first word.',
    kind: 'stack',
    unit: 'ops',
    width: 8,
    queries: [query(perSecond('redis_errors_total', ['err'], matching), '{{err}}')],
  },
  {
    title: 'Slow log',
    description: 'Entries in it.',
    kind: 'lines',
    unit: 'short',
    width: 8,
    queries: [query(series('redis_slowlog_length', matching), '{{instance}}')],
  },
]

const clients: readonly Panel[] = [
  {
    title: 'Clients',
    description: 'Connected, and those that wait in a blocking command.',
    kind: 'lines',
    unit: 'short',
    width: 8,
    queries: [
      query(series('redis_connected_clients', matching), '{{instance}} connected'),
      query(series('redis_blocked_clients', matching), '{{instance}} blocked'),
    ],
  },
  {
    title: 'Connections refused',
    description: 'At maxclients.',
    kind: 'lines',
    unit: 'short',
    width: 8,
    queries: [
      query(
        sumBy(['instance'], increase(series('redis_rejected_connections_total', matching), window)),
        '{{instance}}',
      ),
    ],
  },
  {
    title: 'Disk, replication, cluster',
    description: '1: as it should be.',
    kind: 'lines',
    unit: 'short',
    width: 8,
    queries: [
      query(series('redis_rdb_last_bgsave_status', matching), '{{instance}} snapshot'),
      query(series('redis_aof_last_write_status', matching), '{{instance}} append-only file'),
      query(series('redis_master_link_up', matching), '{{instance}} link to the primary'),
      query(series('redis_cluster_state', matching), '{{instance}} cluster'),
    ],
  },
]

export const redisServer: Dashboard = {
  uid: 'staleproof-redis',
  title: 'Redis server',
  description: 'Works with redis_exporter and with the figures that a service tells.',
  variables: [
    { label: 'job', metric: 'cache_gets_total' },
    { label: 'instance', metric: 'redis_up' },
  ],
  rows: [
    { title: 'Now', panels: now },
    { title: 'Memory', panels: memory },
    { title: 'Work', panels: work },
    { title: 'Clients and state', panels: clients },
  ],
  deployments: newBuilds,
}
