/**
 * What a service tells Prometheus, at `/metrics` with a token of its own: whoever scrapes needs no
 * other right. Without that token the route does not exist, and nothing is counted for it.
 */
import type { FastifyRequest } from 'fastify'
import type { CacheMethods } from 'staleproof'
import { type Metrics, openMetrics } from 'staleproof/prometheus'
import type { DatabasePool } from '../database/pool.ts'
import { poolFacts } from '../database/pool-facts.ts'
import { isAdministration } from './admin-routes.ts'
import { tokenCheck } from './admin-token.ts'
import type { Closing } from './closing.ts'
import type { TypedServer } from './http-server.ts'
import type { ServiceParts } from './reporter-parts.ts'
import { ServiceError } from './service-error.ts'

export interface MetricsFacts {
  readonly cache: CacheMethods
  readonly closing: Closing
  readonly metricsToken?: string | undefined
  readonly pool?: DatabasePool | undefined
  /** What the service runs beside its cache, its database apart. */
  readonly parts?: Pick<ServiceParts, 'read' | 'scaling'> | undefined
}

/** Where no route was found: the path is whatever somebody has sent. */
const noRoute = 'none'

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
  timeRequests(app, metrics)
  const hasToken = tokenCheck(metricsToken)
  app.get('/metrics', async (request, reply) => {
    if (!hasToken(request)) {
      throw new ServiceError(401, 'not_authorised', 'Send the metrics token as bearer token.')
    }
    const text = await metrics.metrics()
    // As it is: the serialiser of answers would make a JSON text of it.
    return reply.type(metrics.contentType).send(Buffer.from(text))
  })
}

function timeRequests(app: TypedServer, metrics: Metrics): void {
  app.addHook('onResponse', async (request, reply) => {
    if (isAdministration(request)) return
    const labels = { route: routeOf(request), method: request.method }
    const status = String(reply.statusCode)
    metrics.add('http_server_requests_total', { ...labels, status }, 1)
    const seconds = reply.elapsedTime / 1_000
    metrics.observe('http_server_request_duration_seconds', labels, seconds)
  })
}

/** The template, so that there are as many as routes, whatever is asked for. */
function routeOf({ routeOptions }: FastifyRequest): string {
  return routeOptions.url ?? noRoute
}
