import { describe, expect, test } from 'vitest'
import type { OpenLabel } from './definition.ts'
import { definitions, metrics } from './definitions.ts'

const all = [...definitions]
const histograms = all.filter(([, { kind }]) => kind === 'histogram')

test.each(all)('%s is named as Prometheus wants it', (name, { kind, labels }) => {
  expect(name).toMatch(/^(cache|redis|db|http_server)_[a-z0-9_]+$/)
  expect(name.endsWith('_total')).toBe(kind === 'counter')
  for (const label of Object.keys(labels)) expect(label).toMatch(/^[a-z][a-z_]*$/)
})

test.each(histograms)('the edges of %s rise', (_, { buckets = [] }) => {
  expect(buckets).not.toEqual([])
  expect(buckets).toEqual([...new Set(buckets)].toSorted((one, other) => one - other))
})

test('no label names a key, a user or an address', () => {
  const labels = new Set(all.flatMap(([, definition]) => Object.keys(definition.labels)))
  for (const label of ['key', 'id', 'user', 'tenant', 'pattern', 'url', 'path', 'tag']) {
    expect(labels).not.toContain(label)
  }
})

test('every label has a bound', () => {
  const labels = all.flatMap(([, definition]) => Object.values(definition.labels))
  const isOpen = (values: (typeof labels)[number]): values is OpenLabel => 'max' in values
  for (const values of labels) {
    if (isOpen(values)) expect(values.max).toBeLessThanOrEqual(80)
    else expect(values.length).toBeLessThanOrEqual(13)
  }
})

describe('what a rule of SPEC F4 compares with is an edge', () => {
  test.each([
    ['cache_redis_operation_duration_seconds', [0.005, 0.01, 2]],
    ['cache_get_duration_seconds', [0.005, 0.01]],
    ['cache_load_duration_seconds', [0.1, 0.5]],
    ['db_query_duration_seconds', [0.1, 0.5]],
    ['http_server_request_duration_seconds', [0.15, 0.2, 0.3]],
    ['cache_invalidation_lag_seconds', [0.5]],
    ['cache_value_bytes', [1_024, 1_048_576]],
    ['cache_invalidated_keys', [100]],
  ] as const)('%s: %j', (name, edges) => {
    expect(metrics[name].buckets).toEqual(expect.arrayContaining([...edges]))
  })
})
