/**
 * Metrics of the Redis server, by the names of redis_exporter, so that its dashboards and our
 * rules work with either. Off by default: where that exporter runs, they would be there twice.
 */
import { counter, gauge, type MetricTable } from './definition.ts'
import { database, redisCommand, redisError } from './label-values.ts'

/** By name: the labels. */
export interface ServerMetricLabels {
  redis_up: never
  redis_uptime_in_seconds: never
  redis_memory_used_bytes: never
  redis_memory_max_bytes: never
  redis_memory_used_rss_bytes: never
  redis_mem_fragmentation_ratio: never
  redis_connected_clients: never
  redis_max_clients: never
  redis_config_maxclients: never
  redis_blocked_clients: never
  redis_rejected_connections_total: never
  redis_evicted_keys_total: never
  redis_expired_keys_total: never
  redis_keyspace_hits_total: never
  redis_keyspace_misses_total: never
  redis_commands_processed_total: never
  redis_commands_total: 'cmd'
  redis_commands_duration_seconds_total: 'cmd'
  redis_commands_latencies_usec: 'cmd' | 'quantile'
  redis_errors_total: 'err'
  redis_db_keys: 'db'
  redis_db_keys_expiring: 'db'
  redis_slowlog_length: never
  redis_rdb_last_bgsave_status: never
  redis_aof_last_write_status: never
  redis_master_link_up: never
  redis_connected_slaves: never
  redis_cluster_state: never
}

export const serverMetrics: MetricTable<ServerMetricLabels> = {
  redis_up: gauge('1: the server answered when it was last asked', {}),
  redis_uptime_in_seconds: gauge('How long it has been running', {}),
  redis_memory_used_bytes: gauge('Memory used', {}),
  redis_memory_max_bytes: gauge('maxmemory; 0: none', {}),
  redis_memory_used_rss_bytes: gauge('Memory as the operating system counts it', {}),
  redis_mem_fragmentation_ratio: gauge('Of the one to the other', {}),
  redis_connected_clients: gauge('Clients connected', {}),
  redis_max_clients: gauge('maxclients, by INFO', {}),
  redis_config_maxclients: gauge('maxclients, by CONFIG', {}),
  redis_blocked_clients: gauge('Clients that wait in a blocking command', {}),
  redis_rejected_connections_total: counter('Connections refused at maxclients', {}),
  redis_evicted_keys_total: counter('Keys evicted at maxmemory', {}),
  redis_expired_keys_total: counter('Keys that have expired', {}),
  redis_keyspace_hits_total: counter('Look-ups that found a key', {}),
  redis_keyspace_misses_total: counter('Look-ups that found none', {}),
  redis_commands_processed_total: counter('Commands', {}),
  redis_commands_total: counter('Calls of a command', { cmd: redisCommand }),
  redis_commands_duration_seconds_total: counter('Time spent in a command', { cmd: redisCommand }),
  redis_commands_latencies_usec: gauge('Time of a command on the server, since its start', {
    cmd: redisCommand,
    quantile: ['0.5', '0.99', '0.999'],
  }),
  redis_errors_total: counter('Errors answered, by their first word', { err: redisError }),
  redis_db_keys: gauge('Keys', { db: database }),
  redis_db_keys_expiring: gauge('Keys with a TTL', { db: database }),
  redis_slowlog_length: gauge('Entries in the slow log', {}),
  redis_rdb_last_bgsave_status: gauge('1: the last snapshot was saved', {}),
  redis_aof_last_write_status: gauge('1: the last write of the append-only file succeeded', {}),
  redis_master_link_up: gauge('1: this replica hears from its primary', {}),
  redis_connected_slaves: gauge('Replicas connected', {}),
  redis_cluster_state: gauge('1: the cluster serves all slots', {}),
}
