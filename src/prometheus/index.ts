/** Metrics of a cache for Prometheus, by prom-client. */
import type { CacheMethods } from '../core/cache.ts'
import { Metrics, type MetricsOptions } from './metrics.ts'

export type {
  LabelsOf,
  MetricLabels,
  MetricName,
  MetricProfile,
  ReporterParts,
} from '../observe/index.ts'
export { Metrics, type MetricsOptions }

/**
 * Counts what a cache does from here on, and tells it with all that `stats` says when it is
 * scraped. Throws `SP_OPTION_…`.
 *
 * @example
 * const metrics = openMetrics(cache)
 * app.get('/metrics', async (request, reply) => {
 *   reply.header('content-type', metrics.contentType)
 *   return metrics.metrics()
 * })
 */
export function openMetrics(cache: CacheMethods, options: MetricsOptions = {}): Metrics {
  return new Metrics(cache, options)
}
