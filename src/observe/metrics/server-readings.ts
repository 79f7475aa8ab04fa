/** Numbers of a Redis server as metrics; a field that it does not tell is not known, never 0. */
import { type Info, parseInfo } from '../../inspect/index.ts'
import type { MetricSink } from './series-table.ts'

export interface ServerReading {
  readonly info: Info
  /** Replies to CONFIG GET maxclients, SLOWLOG LEN and CLUSTER INFO; undefined: refused. */
  readonly maxClients: unknown
  readonly slowLog: unknown
  readonly cluster: unknown
}

/** Names of metrics without labels, and the fields of INFO that they stand for. */
const plain = [
  ['redis_uptime_in_seconds', 'uptime_in_seconds'],
  ['redis_memory_used_bytes', 'used_memory'],
  ['redis_memory_max_bytes', 'maxmemory'],
  ['redis_memory_used_rss_bytes', 'used_memory_rss'],
  ['redis_mem_fragmentation_ratio', 'mem_fragmentation_ratio'],
  ['redis_connected_clients', 'connected_clients'],
  ['redis_max_clients', 'maxclients'],
  ['redis_blocked_clients', 'blocked_clients'],
  ['redis_rejected_connections_total', 'rejected_connections'],
  ['redis_evicted_keys_total', 'evicted_keys'],
  ['redis_expired_keys_total', 'expired_keys'],
  ['redis_keyspace_hits_total', 'keyspace_hits'],
  ['redis_keyspace_misses_total', 'keyspace_misses'],
  ['redis_commands_processed_total', 'total_commands_processed'],
  ['redis_connected_slaves', 'connected_slaves'],
] as const

/** Those that say whether something is well, and the word for that. */
const states = [
  ['redis_rdb_last_bgsave_status', 'rdb_last_bgsave_status', 'ok'],
  ['redis_aof_last_write_status', 'aof_last_write_status', 'ok'],
  ['redis_master_link_up', 'master_link_status', 'up'],
] as const

const percentiles: Readonly<Record<string, string>> = { p50: '0.5', p99: '0.99', 'p99.9': '0.999' }

export function readServer(reading: ServerReading, sink: MetricSink): void {
  const { info } = reading
  for (const [name, field] of plain) sink.add(name, {}, info.number(field))
  for (const [name, field, well] of states) {
    const state = info.text(field)
    sink.add(name, {}, state === undefined ? undefined : Number(state === well))
  }
  for (const { name: cmd, calls, us } of info.commands()) {
    sink.add('redis_commands_total', { cmd }, calls)
    sink.add('redis_commands_duration_seconds_total', { cmd }, us / 1_000_000)
  }
  for (const [cmd, latencies] of info.latencies()) readLatencies(cmd, latencies, sink)
  for (const [err, count] of info.errors()) sink.add('redis_errors_total', { err }, count)
  for (const { db, keys, expires } of info.keyspace()) {
    sink.add('redis_db_keys', { db: `db${db}` }, keys)
    sink.add('redis_db_keys_expiring', { db: `db${db}` }, expires)
  }
  readOthers(reading, sink)
}

function readLatencies(
  cmd: string,
  latencies: Readonly<Record<string, number>>,
  sink: MetricSink,
): void {
  for (const [percentile, us] of Object.entries(latencies)) {
    const quantile = percentiles[percentile]
    if (quantile !== undefined) sink.add('redis_commands_latencies_usec', { cmd, quantile }, us)
  }
}

function readOthers({ maxClients, slowLog, cluster }: ServerReading, sink: MetricSink): void {
  if (Array.isArray(maxClients)) sink.add('redis_config_maxclients', {}, Number(maxClients[1]))
  if (typeof slowLog === 'number') sink.add('redis_slowlog_length', {}, slowLog)
  if (typeof cluster !== 'string') return
  const state = parseInfo(cluster).text('cluster_state')
  sink.add('redis_cluster_state', {}, state === undefined ? undefined : Number(state === 'ok'))
}
