/** Panels on what services run beside their cache: requests, database, warming. */
import { countOf, rate, series, sumBy } from '../promql.ts'
import type { Panel } from './dashboard.ts'
import { job, perSecond, quantile, query, window } from './queries.ts'

export const servicePanels: readonly Panel[] = [
  {
    title: 'Requests',
    description: 'By status.',
    kind: 'stack',
    unit: 'reqps',
    width: 8,
    queries: [query(perSecond('http_server_requests_total', ['status'], { job }), '{{status}}')],
  },
  {
    title: 'p95 of requests, by route',
    description: 'The ten slowest.',
    kind: 'lines',
    unit: 's',
    width: 8,
    queries: [
      query(
        `topk(10, ${quantile(0.95, 'http_server_request_duration_seconds', {
          by: ['job', 'route'],
          matching: { job },
        })})`,
        '{{job}} {{route}}',
      ),
    ],
  },
  {
    title: 'Database: p95 of queries',
    description: 'Goal 100 ms, critical above 500 ms.',
    kind: 'lines',
    unit: 's',
    width: 8,
    queries: [
      query(
        quantile(0.95, 'db_query_duration_seconds', { by: ['job'], matching: { job } }),
        '{{job}}',
      ),
    ],
    limits: { good: 'below', warning: 0.1, critical: 0.5 },
  },
  {
    title: 'Database: queries',
    description: 'Goal 100 a second, warned of above 200.',
    kind: 'lines',
    unit: 'reqps',
    width: 12,
    queries: [
      query(sumBy(['job'], rate(countOf('db_query_duration_seconds', { job }), window)), '{{job}}'),
    ],
    limits: { good: 'below', warning: 100, critical: 200 },
  },
  {
    title: 'Database: connections',
    description: 'Goal 50, critical above 80.',
    kind: 'lines',
    unit: 'short',
    width: 12,
    queries: [
      query(sumBy(['job', 'state'], series('db_pool_connections', { job })), '{{job}} {{state}}'),
    ],
    limits: { good: 'below', warning: 50, critical: 80 },
  },
]

export const warmingPanels: readonly Panel[] = [
  {
    title: 'Since a task last succeeded',
    description: 'Three of its periods are too long.',
    kind: 'lines',
    unit: 's',
    width: 12,
    queries: [
      query(
        `time() - max by (job, task) ` +
          `(${series('cache_warm_last_success_timestamp_seconds', { job })})`,
        '{{job}} {{task}}',
      ),
    ],
  },
  {
    title: 'Loaded ahead, and read then',
    description: 'What nobody reads was loaded for nothing.',
    kind: 'lines',
    unit: 'ops',
    width: 12,
    queries: [
      query(perSecond('cache_preload_total', [], { job }), 'loaded'),
      query(perSecond('cache_preload_used_total', [], { job }), 'read'),
    ],
  },
]
