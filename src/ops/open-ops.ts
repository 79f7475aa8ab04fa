/**
 * The admin API as one function from request to response, so that anything that speaks HTTP can
 * carry it. Closed by default: without `auth` only its health is there.
 */
import { type Context, Hono } from 'hono'
import { type Authority, authorityOf, type Peer } from './authority.ts'
import { Broadcaster } from './broadcaster.ts'
import { changeHandlers } from './change-handlers.ts'
import type { Desk } from './desk.ts'
import { type Arrival, Gate, type Handler } from './gate.ts'
import { openDesk } from './ops-desk.ts'
import { type OpsOptions, type ResolvedOps, resolveOps } from './ops-options.ts'
import { healthPath, isAmong, metricsPath, pagePath, pathsOf } from './ops-paths.ts'
import { pageFile } from './page.ts'
import type { OpsCache } from './platform.ts'
import { readHandlers } from './read-handlers.ts'
import { apiBase, type RouteName, routes } from './route-table.ts'
import { opensMetrics, scraped } from './scrape.ts'
import { browserHandlers, signIn } from './session-handlers.ts'
import { shielded } from './shield.ts'

/** The admin API of one process. */
export interface Ops {
  /** What it answers, as routes of frameworks are written; nothing of it is anybody else's. */
  readonly paths: readonly string[]
  /** True: it answers the path. */
  owns(path: string): boolean
  /** Never rejects. `peer` is what the connection says of the other end. */
  fetch(request: Request, peer?: Peer): Promise<Response>
  /** Streams that are open. */
  readonly viewers: number
  /** Idempotent. Ends streams, timers and the connection; before the reporter is closed. */
  close(): Promise<void>
}

interface Bindings {
  readonly Bindings: { readonly peer: Peer }
}
type Served = Context<Bindings>

/**
 * Opens the admin API of a cache. Throws `SP_OPTION_…`.
 *
 * @example
 * const reporter = await openReporter(cache, { redis })
 * const ops = openOps(cache, { reporter, redis, auth: [{ name: 'ann', role: 'operator', token }] })
 * http.createServer(opsListener(ops)).listen(9000)
 */
export function openOps(cache: OpsCache, options: OpsOptions): Ops {
  const resolved = resolveOps(options)
  const authority = authorityOf(resolved.auth, cache.about().service)
  const { desk, close } = openDesk(cache, resolved)
  const broadcaster = new Broadcaster({
    cache,
    invalidations: resolved.reporter.invalidations,
    keys: desk.parts.keys,
    clock: resolved.clock,
    overview: () => desk.overview(),
    onError: (error) => resolved.log?.warn({ err: error }, 'an overview for viewers has failed'),
  })
  const app = appOf({ desk, authority, broadcaster, options: resolved })
  const { metrics, dashboard } = resolved
  const paths = pathsOf({ hasMetrics: metrics !== undefined, hasPage: dashboard !== false })
  return {
    paths,
    owns: (path) => isAmong(paths, path),
    async fetch(request, peer = {}) {
      const response = await app.fetch(request, { peer })
      return shielded(response, resolved.chance.token())
    },
    get viewers() {
      return broadcaster.viewers
    },
    async close() {
      broadcaster.close()
      await close()
    },
  }
}

interface Parts {
  readonly desk: Desk
  readonly authority: Authority
  readonly broadcaster: Broadcaster
  readonly options: ResolvedOps
}

function appOf(parts: Parts): Hono<Bindings> {
  const { desk, authority, options } = parts
  const { service } = desk.parts.cache.about()
  const { clock, audit, isReadOnly } = desk.parts
  const gate = new Gate({ authority, audit, clock, service, isReadOnly, log: options.log })
  const app = new Hono<Bindings>()
  app.get(healthPath, (context) => context.json({ status: desk.parts.cache.health().state }))
  addRoutes(app, parts, gate)
  addMetrics(app, parts, gate)
  addPage(app, parts, gate)
  app.notFound((context) => gate.miss(arrivalOf(context), methodsAt(context.req.path)))
  return app
}

function addRoutes(app: Hono<Bindings>, parts: Parts, gate: Gate): void {
  const { desk, authority, broadcaster } = parts
  const handlers: Readonly<Record<Exclude<RouteName, 'signIn'>, Handler>> = {
    ...readHandlers(desk),
    ...changeHandlers(desk),
    ...browserHandlers(broadcaster, authority),
  }
  for (const [name, row] of routes) {
    app.on(row.method, apiBase + row.path, (context) => {
      const arrival = arrivalOf(context)
      if (name !== 'signIn') return gate.pass(arrival, { name, row }, handlers[name])
      return gate.passUnknown(arrival, () => signIn(desk, authority, arrival.request))
    })
  }
}

function addMetrics(app: Hono<Bindings>, { options }: Parts, gate: Gate): void {
  const { metrics } = options
  if (metrics === undefined) return
  app.get(metricsPath, (context) => {
    if (opensMetrics(metrics, context.req.raw)) return scraped(metrics)
    return gate.passKnown(arrivalOf(context), () => scraped(metrics))
  })
}

function addPage(app: Hono<Bindings>, { options }: Parts, gate: Gate): void {
  const { dashboard } = options
  if (dashboard === false) return
  app.get(pagePath, (context) =>
    gate.passUnknown(arrivalOf(context), async () => {
      const headers = { location: `${pagePath.slice(1)}/` }
      return new Response(null, { status: 308, headers })
    }),
  )
  app.get(`${pagePath}/*`, (context) => {
    const arrival = arrivalOf(context)
    return gate.passUnknown(arrival, async () => {
      const file = await pageFile(dashboard, context.req.path.slice(pagePath.length + 1))
      return file ?? gate.miss(arrival, [])
    })
  })
}

function arrivalOf(context: Served): Arrival {
  return { request: context.req.raw, peer: context.env.peer, parameters: context.req.param() }
}

/** Of routes with this path, for the answer to a method that it does not have. */
function methodsAt(path: string): string[] {
  const found = [...routes.values()].filter((row) => {
    const pattern = `${apiBase}${row.path}`.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')
    return new RegExp(`^${pattern}$`).test(path)
  })
  return found.map(({ method }) => method)
}
