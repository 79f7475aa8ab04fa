/** Everything at one look: does it hit, is it coherent, what does it cost, what is broken. */
import { getRate, hitRatio } from '../cache-alerts.ts'
import { increase, series, sumBy } from '../promql.ts'
import { coherencePanels } from './coherence-panels.ts'
import type { Dashboard, Panel, Row } from './dashboard.ts'
import { cache, job, newBuilds, perSecond, quantile, query } from './queries.ts'
import { servicePanels, warmingPanels } from './service-panels.ts'

const hits = perSecond('cache_gets_total', [], { job, result: 'hit' })
const gets = perSecond('cache_gets_total', [], { job })
const narrow = '{job=~"$job",cache=~"$cache"}'
const hitLimits = { good: 'above', warning: 0.7, critical: 0.5 } as const

const now: readonly Panel[] = [
  {
    title: 'Hit ratio',
    description: 'Of all reads, those that needed no source. Goal 80 %.',
    kind: 'number',
    unit: 'percentunit',
    width: 4,
    queries: [query(`${hits} / ${gets}`, 'hit ratio')],
    limits: hitLimits,
  },
  {
    title: 'Loads avoided, per minute',
    description: 'Reads that would have asked a source without the cache.',
    kind: 'number',
    unit: 'short',
    width: 4,
    queries: [query(`60 * ${hits}`, 'avoided')],
  },
  {
    title: 'p95 of reads that left memory',
    description: 'From Redis or from a source.',
    kind: 'number',
    unit: 's',
    width: 4,
    queries: [
      query(
        quantile(0.95, 'cache_get_duration_seconds', {
          by: [],
          matching: { job, served_by: /redis|source/ },
        }),
        'p95',
      ),
    ],
  },
  {
    title: 'Stale reads in an hour',
    description: 'Found by comparing reads with what is proven. There are to be none.',
    kind: 'number',
    unit: 'short',
    width: 4,
    queries: [
      query(sumBy([], increase(series('cache_stale_reads_total', { job }), '1h')), 'stale'),
    ],
    limits: { good: 'below', warning: 0.5, critical: 0.5 },
  },
  {
    title: 'Breakers open',
    description: 'What they guard is not asked.',
    kind: 'number',
    unit: 'short',
    width: 4,
    queries: [query(sumBy([], series('cache_breaker_state', { job, state: 'open' })), 'open')],
    limits: { good: 'below', warning: 0.5, critical: 0.5 },
  },
  {
    title: 'Processes down to their source',
    description: 'Redis is of no use to them.',
    kind: 'number',
    unit: 'short',
    width: 4,
    queries: [
      query(sumBy([], series('cache_health_state', { job, state: 'down_to_source' })), 'processes'),
    ],
    limits: { good: 'below', warning: 0.5, critical: 0.5 },
  },
]

const families: readonly Panel[] = [
  {
    title: 'Families',
    description: 'What each is read, hits, costs and holds, beside the TTL that is declared.',
    kind: 'table',
    unit: 'short',
    width: 24,
    queries: [
      query(`avg by (cache) (${hitRatio}${narrow})`, 'hit ratio'),
      query(`sum by (cache) (${getRate}${narrow})`, 'reads per second'),
      query(perSecond('cache_loads_total', ['cache'], { job, cache }), 'loads per second'),
      query(sumBy(['cache'], series('cache_size', { job, cache })), 'entries'),
      query(sumBy(['cache'], series('cache_size_bytes', { job, cache })), 'bytes'),
      query(
        `max by (cache, ttl_seconds) (${series('cache_registry_info', { job, cache })})`,
        'declared',
      ),
    ],
  },
  {
    title: 'Hit ratio by family',
    description: 'Dashed: warned of below 70 %, critical below 50 %.',
    kind: 'lines',
    unit: 'percentunit',
    width: 12,
    queries: [query(`avg by (cache) (${hitRatio}${narrow})`, '{{cache}}')],
    limits: hitLimits,
  },
  {
    title: 'Reads by where they were answered',
    description: 'Memory, Redis, shared with another read, stale, source, or not at all.',
    kind: 'stack',
    unit: 'reqps',
    width: 12,
    queries: [query(perSecond('cache_gets_total', ['served_by'], { job, cache }), '{{served_by}}')],
  },
]

const memory: readonly Panel[] = [
  {
    title: 'Memory of processes',
    description: 'Used, and the bound.',
    kind: 'lines',
    unit: 'bytes',
    width: 8,
    queries: [
      query(`max by (job) (${series('cache_memory_bytes', { job })})`, '{{job}} used'),
      query(`max by (job) (${series('cache_memory_max_bytes', { job })})`, '{{job}} bound'),
      query(`max by (service) (${series('cache_memory_advised_bytes')})`, '{{service}} advised'),
    ],
  },
  {
    title: 'What has left memory, by cause',
    description: 'bytes and entries: room was short.',
    kind: 'stack',
    unit: 'ops',
    width: 8,
    queries: [query(perSecond('cache_evictions_total', ['cause'], { job, cache }), '{{cause}}')],
  },
  {
    title: 'Processes, and how many there should be',
    description: 'By the processor time that each of them uses.',
    kind: 'lines',
    unit: 'short',
    width: 8,
    queries: [
      query(`max by (service) (${series('cache_replicas')})`, '{{service}}'),
      query(`max by (service) (${series('cache_replicas_advised')})`, '{{service}} advised'),
    ],
  },
]

const rows: readonly Row[] = [
  { title: 'Now', panels: now },
  { title: 'Families', panels: families },
  { title: 'Coherence', panels: coherencePanels },
  { title: 'Memory and processes', panels: memory },
  { title: 'Warming', panels: warmingPanels },
  { title: 'Requests and database', panels: servicePanels },
]

export const overview: Dashboard = {
  uid: 'staleproof-overview',
  title: 'Cache overview',
  description: 'All services and families together.',
  variables: [
    { label: 'job', metric: 'cache_gets_total' },
    { label: 'cache', metric: 'cache_gets_total' },
  ],
  rows,
  deployments: newBuilds,
}
