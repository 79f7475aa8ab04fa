/** Alerts on the Redis server, by the names of redis_exporter (SPEC F2, F4). */
import type { Alert } from './alert.ts'
import { increase, series, sumBy } from './promql.ts'

const max = series('redis_memory_max_bytes')
const used = `${series('redis_memory_used_bytes')} / (${max} > 0)`
/** INFO says it on current servers, CONFIG on older ones. */
const maxClients = `(${series('redis_max_clients')} or ${series('redis_config_maxclients')})`
const keys = sumBy(['job', 'instance'], series('redis_db_keys'))
const expiring = sumBy(['job', 'instance'], series('redis_db_keys_expiring'))
const full = series('cache_redis_memory_full_seconds')
const dashboard = 'staleproof-redis'

export const redisAlerts: readonly Alert[] = [
  {
    name: 'RedisDown',
    expression: `${series('redis_up')} == 0`,
    holds: '1m',
    severity: 'critical',
    summary: 'Redis does not answer ({{ $labels.instance }})',
    description: 'It has not answered for a minute. Services read from their sources.',
    dashboard,
  },
  {
    name: 'RedisMemoryHigh',
    expression: `${used} > 0.80`,
    holds: '5m',
    severity: 'warning',
    summary: 'Redis uses more than 80 % of its memory ({{ $labels.instance }})',
    description: '{{ $value | humanizePercentage }} of maxmemory are used; the goal is 70 %.',
    dashboard,
  },
  {
    name: 'RedisMemoryCritical',
    expression: `${used} > 0.90`,
    holds: '2m',
    severity: 'critical',
    summary: 'Redis uses more than 90 % of its memory ({{ $labels.instance }})',
    description: '{{ $value | humanizePercentage }} of maxmemory are used; the goal is 70 %.',
    dashboard,
  },
  {
    name: 'RedisMemoryFullSoon',
    expression: `min(${full}) < 6 * 3600`,
    holds: '15m',
    severity: 'critical',
    summary: 'Redis will have used 90 % of its memory within six hours',
    description: 'If use grows on as in the last day, that is in {{ $value | humanizeDuration }}.',
    dashboard,
  },
  {
    name: 'RedisMaxmemoryUnset',
    expression: `${max} == 0`,
    holds: '1h',
    severity: 'warning',
    summary: 'Redis has no limit of memory ({{ $labels.instance }})',
    description: 'Without maxmemory it grows until the machine ends it, and nothing is evicted.',
    dashboard,
  },
  {
    name: 'RedisEvictions',
    expression: `${increase(series('redis_evicted_keys_total'), '1h')} > 1000`,
    holds: '5m',
    severity: 'warning',
    summary: 'Redis evicts more than 1,000 keys an hour ({{ $labels.instance }})',
    description: '{{ $value | humanize }} keys went in the last hour because room was short.',
    dashboard,
  },
  {
    name: 'RedisConnectionsHigh',
    expression: `${series('redis_connected_clients')} / (${maxClients} > 0) > 0.80`,
    holds: '5m',
    severity: 'warning',
    summary: 'Redis has more than 80 % of the connections it allows ({{ $labels.instance }})',
    description: '{{ $value | humanizePercentage }} of maxclients are taken; the goal is 50 %.',
    dashboard,
  },
  {
    name: 'RedisRejectedConnections',
    expression: `${increase(series('redis_rejected_connections_total'), '5m')} > 0`,
    holds: '0m',
    severity: 'critical',
    summary: 'Redis refuses connections ({{ $labels.instance }})',
    description: '{{ $value | humanize }} were refused in five minutes, because of maxclients.',
    dashboard,
  },
  {
    name: 'RedisPersistenceFailing',
    expression:
      `${series('redis_rdb_last_bgsave_status')} == 0 or ` +
      `${series('redis_aof_last_write_status')} == 0`,
    holds: '5m',
    severity: 'critical',
    summary: 'Redis can not write its data to disk ({{ $labels.instance }})',
    description: 'It may refuse writes from now on (stop-writes-on-bgsave-error).',
    dashboard,
  },
  {
    name: 'RedisKeysWithoutTTL',
    expression: `1 - ${expiring} / (${keys} > 100) > 0.20`,
    holds: '30m',
    severity: 'warning',
    summary: 'Many keys of Redis never expire ({{ $labels.instance }})',
    description: '{{ $value | humanizePercentage }} of all keys have no TTL; 20 % may.',
    dashboard,
  },
]
