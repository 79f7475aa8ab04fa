/** Panels on what invalidations do, and on what keeps memory trusted. */
import { bucketsOf, increase, series, sumBy } from '../promql.ts'
import type { Panel } from './dashboard.ts'
import { cache, job, perSecond, quantile, query, window } from './queries.ts'

export const coherencePanels: readonly Panel[] = [
  {
    title: 'Invalidations by scope',
    description: 'As services asked for them.',
    kind: 'stack',
    unit: 'ops',
    width: 8,
    queries: [
      query(perSecond('cache_invalidations_total', ['scope'], { job, cache }), '{{scope}}'),
    ],
  },
  {
    title: 'Keys of an invalidation',
    description: 'More than 100 is broad.',
    kind: 'heatmap',
    unit: 'short',
    width: 8,
    queries: [
      query(
        sumBy(['le'], increase(bucketsOf('cache_invalidated_keys', { job, cache }), window)),
        '{{le}}',
      ),
    ],
  },
  {
    title: 'From the server to memory',
    description: 'How long invalidations take; p99 by service. More than 500 ms is late.',
    kind: 'lines',
    unit: 's',
    width: 8,
    queries: [
      query(
        quantile(0.99, 'cache_invalidation_lag_seconds', { by: ['job'], matching: { job } }),
        '{{job}}',
      ),
    ],
    limits: { good: 'below', warning: 0.5, critical: 1.5 },
  },
  {
    title: 'Invalidations pending',
    description: 'Those that Redis was not told about yet.',
    kind: 'lines',
    unit: 'short',
    width: 8,
    queries: [query(sumBy(['job'], series('cache_invalidations_pending', { job })), '{{job}}')],
  },
  {
    title: 'Trust lost',
    description: 'Times at which memory of a partition became suspect.',
    kind: 'lines',
    unit: 'short',
    width: 8,
    queries: [
      query(
        sumBy(['job'], increase(series('cache_trust_losses_total', { job }), window)),
        '{{job}}',
      ),
    ],
  },
  {
    title: 'Breakers that are not closed',
    description: '1: open.',
    kind: 'lines',
    unit: 'short',
    width: 8,
    queries: [
      query(
        `max by (job, breaker) (${series('cache_breaker_state', { job, state: 'open' })}) > 0`,
        '{{job}} {{breaker}}',
      ),
    ],
  },
  {
    title: 'Reads compared with what is proven',
    description: 'A sample; stale ones among them are told beside it.',
    kind: 'lines',
    unit: 'ops',
    width: 8,
    queries: [
      query(perSecond('cache_shadow_reads_total', [], { job }), 'compared'),
      query(perSecond('cache_stale_reads_total', [], { job }), 'stale'),
    ],
  },
  {
    title: 'Reads soon after an invalidation of their key',
    description: 'Hits of what another process has loaded again, and loads.',
    kind: 'stack',
    unit: 'ops',
    width: 8,
    queries: [
      query(perSecond('cache_after_invalidation_gets_total', ['result'], { job }), '{{result}}'),
    ],
  },
  {
    title: 'Messages found missing',
    description: 'By their number; memory is not trusted until it is proven again.',
    kind: 'lines',
    unit: 'short',
    width: 8,
    queries: [
      query(
        sumBy(['job'], increase(series('cache_invalidation_gaps_total', { job }), window)),
        '{{job}}',
      ),
    ],
  },
]
