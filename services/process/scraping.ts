/**
 * How every service is scraped: requests are timed by the template of their route, and `/metrics`
 * answers who has the token. What else is counted there is the service's own.
 */
import { tokenCheck } from './admin-token.ts'
import type { TypedServer } from './http-server.ts'
import { ServiceError } from './service-error.ts'

/** What is scraped. */
export interface Scraped {
  readonly contentType: string
  metrics(): Promise<string>
}

/** A request that was answered. */
export interface Answered {
  readonly route: string
  readonly method: string
  readonly status: string
  readonly seconds: number
}

/** Where no route was found: the path is whatever somebody has sent. */
const noRoute = 'none'

export function addScrapeRoute(app: TypedServer, metricsToken: string, scraped: Scraped): void {
  const hasToken = tokenCheck(metricsToken)
  app.get('/metrics', async (request, reply) => {
    if (!hasToken(request)) {
      throw new ServiceError(401, 'not_authorised', 'Send the metrics token as bearer token.')
    }
    const text = await scraped.metrics()
    // As it is: the serialiser of answers would make a JSON text of it.
    return reply.type(scraped.contentType).send(Buffer.from(text))
  })
}

/** Of routes that are added from here on. */
export function timeRequests(app: TypedServer, count: (answered: Answered) => void): void {
  app.addHook('onResponse', (request, reply, done) => {
    // The template, so that there are as many as routes, whatever is asked for.
    const route = request.routeOptions.url ?? noRoute
    const { method } = request
    const seconds = reply.elapsedTime / 1_000
    count({ route, method, status: String(reply.statusCode), seconds })
    done()
  })
}
