/**
 * How metrics are called in OpenTelemetry. It has no convention for caches yet, so the names are
 * our own namespace, all made here: one file to change when there is one. Calls to Redis are those
 * of a database client, for which there is.
 */
import { type Labels, type MetricName, unitOf } from '../observe/index.ts'

/** A count is not in the plural, and what rises has no `_total`. */
const named: Partial<Record<MetricName, string>> = {
  cache_size: 'staleproof.cache.entry.count',
  cache_size_bytes: 'staleproof.cache.entry.size',
  cache_max_size_bytes: 'staleproof.cache.entry.size.limit',
}

export const redisDuration = 'db.client.operation.duration'
/** As the convention advises them. */
export const redisEdges: readonly number[] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]

const units = {
  seconds: 's',
  bytes: 'By',
  microseconds: 'us',
  ratio: '1',
  count: '{count}',
} as const

export function instrumentName(name: MetricName): string {
  const known = named[name]
  if (known !== undefined) return known
  const bare = name.replace(/_total$/, '').replace(/_(seconds|bytes|usec|ratio)$/, '')
  const inside = bare.replace(/^cache_/, 'cache.').replace(/_duration$/, '.duration')
  return `staleproof.${inside}`
}

export function instrumentUnit(name: MetricName): string {
  return units[unitOf(name)]
}

/** Labels with their namespace; of a load that failed, the attribute that all errors have. */
export function attributesOf(name: MetricName, labels: Labels): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const [label, value] of Object.entries(labels)) {
    if (name !== 'cache_load_duration_seconds' || label !== 'outcome') {
      attributes[label === 'cache' ? 'staleproof.cache.name' : `staleproof.cache.${label}`] = value
    } else if (value === 'error') attributes['error.type'] = '_OTHER'
  }
  return attributes
}
