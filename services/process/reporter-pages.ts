/** How often each page of a service is asked for, and how long it takes. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ReporterParts } from 'staleproof/ops'
import { WaitTimes } from '../database/wait-times.ts'
import { isAdministration } from './admin-routes.ts'
import type { TypedServer } from './http-server.ts'

/** Answers from this status on are errors of the service. */
const errorStatus = 500

interface Page {
  readonly times: WaitTimes
  errors: number
}

/**
 * To be called before any route is added: only later ones are counted. Routes are templates, so
 * there are as many pages as routes, whatever is asked for.
 */
export function countPages(app: TypedServer): () => NonNullable<ReporterParts['pages']> {
  const pages = new Map<string, Page>()
  const count = (name: string, { elapsedTime, statusCode }: FastifyReply) => {
    const page = pages.get(name) ?? { times: new WaitTimes(), errors: 0 }
    pages.set(name, page)
    page.times.add(elapsedTime)
    if (statusCode >= errorStatus) page.errors++
  }
  app.addHook('onResponse', (request, reply, done) => {
    const name = pageOf(request)
    if (name !== undefined) count(name, reply)
    done()
  })
  return () =>
    [...pages].map(([page, { times, errors }]) => {
      return { page, requests: times.count, errors, p95Ms: times.p95Ms }
    })
}

/** Undefined: no page of the service. */
function pageOf(request: FastifyRequest): string | undefined {
  const { url } = request.routeOptions
  return url === undefined || isAdministration(url) ? undefined : `${request.method} ${url}`
}
