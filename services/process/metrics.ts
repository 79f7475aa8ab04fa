/**
 * What a service with a cache tells Prometheus, at `/metrics` with a token of its own: whoever
 * scrapes needs no other right. Without that token the route does not exist, and nothing is counted
 * for it.
 */
import type { CacheMethods } from 'staleproof'
import { openMetrics } from 'staleproof/prometheus'
import type { DatabasePool } from '../database/pool.ts'
import { poolFacts } from '../database/pool-facts.ts'
import { isAdministration } from './admin-routes.ts'
import type { Closing } from './closing.ts'
import type { TypedServer } from './http-server.ts'
import type { ServiceParts } from './reporter-parts.ts'
import { addScrapeRoute, timeRequests } from './scraping.ts'

export interface MetricsFacts {
  readonly cache: CacheMethods
  readonly closing: Closing
  readonly metricsToken?: string | undefined
  readonly pool?: DatabasePool | undefined
  /** What the service runs beside its cache, its database apart. */
  readonly parts?: Pick<ServiceParts, 'read' | 'scaling'> | undefined
}

/** Before any route is added: it times only those that come after it. */
export function addMetrics(app: TypedServer, facts: MetricsFacts): void {
  const { cache, closing, metricsToken, pool, parts } = facts
  if (metricsToken === undefined) return
  const database = () => (pool === undefined ? {} : { database: poolFacts(pool.use) })
  const metrics = openMetrics(cache, {
    parts: () => ({ ...parts?.read(), ...database() }),
    scaling: parts?.scaling,
  })
  closing.add(() => metrics.close())
  if (pool !== undefined) {
    pool.onStatement = (ms) => metrics.observe('db_query_duration_seconds', {}, ms / 1_000)
  }
  timeRequests(app, (answered) => {
    if (isAdministration(answered.route)) return
    metrics.add('http_server_requests_total', answered, 1)
    metrics.observe('http_server_request_duration_seconds', answered, answered.seconds)
  })
  addScrapeRoute(app, metricsToken, metrics)
}
