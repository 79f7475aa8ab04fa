/** One family, or a few, in depth: why it misses, what a load costs, what invalidates it. */
import { hitRatio } from '../cache-alerts.ts'
import { bucketsOf, increase, series, sumBy } from '../promql.ts'
import type { Dashboard, Panel } from './dashboard.ts'
import { cache, job, newBuilds, perSecond, quantile, query, window } from './queries.ts'

const matching = { job, cache }

const reads: readonly Panel[] = [
  {
    title: 'Hit ratio by service',
    description: 'Warned of below 70 %, critical below 50 %.',
    kind: 'lines',
    unit: 'percentunit',
    width: 8,
    queries: [query(`${hitRatio}{job=~"$job",cache=~"$cache"}`, '{{job}} {{cache}}')],
    limits: { good: 'above', warning: 0.7, critical: 0.5 },
  },
  {
    title: 'Reads by where they were answered',
    description: 'Each read counts once.',
    kind: 'stack',
    unit: 'reqps',
    width: 8,
    queries: [query(perSecond('cache_gets_total', ['served_by'], matching), '{{served_by}}')],
  },
  {
    title: 'p95 of reads, by where they were answered',
    description: 'Of reads from memory a sample is timed.',
    kind: 'lines',
    unit: 's',
    width: 8,
    queries: [
      query(
        quantile(0.95, 'cache_get_duration_seconds', { by: ['served_by'], matching }),
        '{{served_by}}',
      ),
    ],
  },
]

const loads: readonly Panel[] = [
  {
    title: 'Loads, and what came of them',
    description: 'Values that were loaded, and calls that failed.',
    kind: 'stack',
    unit: 'ops',
    width: 8,
    queries: [query(perSecond('cache_loads_total', ['outcome'], matching), '{{outcome}}')],
  },
  {
    title: 'How long loads take',
    description: 'What a hit saves.',
    kind: 'lines',
    unit: 's',
    width: 8,
    queries: [
      query(
        quantile(0.5, 'cache_load_duration_seconds', { by: ['cache'], matching }),
        'p50 {{cache}}',
      ),
      query(
        quantile(0.95, 'cache_load_duration_seconds', { by: ['cache'], matching }),
        'p95 {{cache}}',
      ),
    ],
  },
  {
    title: 'What became of loaded values',
    description: 'gone: the lease was lost, by an invalidation or by eviction.',
    kind: 'stack',
    unit: 'ops',
    width: 8,
    queries: [query(perSecond('cache_stores_total', ['result'], matching), '{{result}}')],
  },
  {
    title: 'Reads that shared a load',
    description: 'Of this process, or of another one.',
    kind: 'lines',
    unit: 'ops',
    width: 8,
    queries: [query(perSecond('cache_coalesced_total', ['scope'], matching), '{{scope}}')],
  },
  {
    title: 'Sizes of stored values',
    description: 'As they are stored.',
    kind: 'heatmap',
    unit: 'bytes',
    width: 8,
    queries: [
      query(
        sumBy(
          ['le'],
          increase(bucketsOf('cache_value_bytes', { ...matching, form: 'stored' }), window),
        ),
        '{{le}}',
      ),
    ],
  },
  {
    title: 'Calls of the source under way',
    description: 'And those that wait for their turn.',
    kind: 'stack',
    unit: 'short',
    width: 8,
    queries: [query(sumBy(['state'], series('cache_source_calls', matching)), '{{state}}')],
  },
]

const invalidations: readonly Panel[] = [
  {
    title: 'Invalidations by reason',
    description: 'As services asked for them.',
    kind: 'stack',
    unit: 'ops',
    width: 8,
    queries: [query(perSecond('cache_invalidations_total', ['reason'], matching), '{{reason}}')],
  },
  {
    title: 'Keys of an invalidation',
    description: 'More than 100 is broad.',
    kind: 'heatmap',
    unit: 'short',
    width: 8,
    queries: [
      query(
        sumBy(['le'], increase(bucketsOf('cache_invalidated_keys', matching), window)),
        '{{le}}',
      ),
    ],
  },
  {
    title: 'Stale reads',
    description: 'Older than what is proven. There are to be none.',
    kind: 'lines',
    unit: 'ops',
    width: 8,
    queries: [query(perSecond('cache_stale_reads_total', ['cache'], matching), '{{cache}}')],
  },
]

const memory: readonly Panel[] = [
  {
    title: 'Entries in memory',
    description: 'Of each service.',
    kind: 'lines',
    unit: 'short',
    width: 8,
    queries: [query(sumBy(['job', 'cache'], series('cache_size', matching)), '{{job}} {{cache}}')],
  },
  {
    title: 'Bytes in memory',
    description: 'Held, what it may hold when room is short, and what it should hold.',
    kind: 'lines',
    unit: 'bytes',
    width: 8,
    queries: [
      query(sumBy(['cache'], series('cache_size_bytes', matching)), '{{cache}} held'),
      query(sumBy(['cache'], series('cache_max_size_bytes', matching)), '{{cache}} share'),
      query(sumBy(['cache'], series('cache_advised_size_bytes', matching)), '{{cache}} advised'),
    ],
  },
  {
    title: 'What has left memory, by cause',
    description: 'bytes and entries: room was short.',
    kind: 'stack',
    unit: 'ops',
    width: 8,
    queries: [query(perSecond('cache_evictions_total', ['cause'], matching), '{{cause}}')],
  },
]

export const family: Dashboard = {
  uid: 'staleproof-family',
  title: 'Cache family',
  description: 'One family of cached things in depth.',
  variables: [
    { label: 'job', metric: 'cache_gets_total' },
    { label: 'cache', metric: 'cache_gets_total' },
  ],
  rows: [
    { title: 'Reads', panels: reads },
    { title: 'Loads', panels: loads },
    { title: 'Invalidations', panels: invalidations },
    { title: 'Memory', panels: memory },
  ],
  deployments: newBuilds,
}
