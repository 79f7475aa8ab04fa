/** The session of a browser, the stream, and the document of the API. */
import { fieldsOf } from '../core/option-checks.ts'
import type { Authority } from './authority.ts'
import type { Broadcaster } from './broadcaster.ts'
import type { Desk } from './desk.ts'
import { crossSite, type Handler, unauthenticated } from './gate.ts'
import { openApiDocument } from './open-api.ts'
import { isFromOwnPage } from './origin.ts'
import { Refusal } from './problem.ts'
import { me } from './read-handlers.ts'
import { bodyOf } from './request-body.ts'
import type { BrowserRoute } from './route-table.ts'

export function browserHandlers(
  broadcaster: Broadcaster,
  authority: Authority,
): Readonly<Record<BrowserRoute, Handler>> {
  return {
    stream: ({ request, mayStay }) => {
      // A proxy that collects what it passes on would make it late.
      const headers = { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' }
      // Nobody would read it, and so nobody would end it.
      if (request.method === 'HEAD') return new Response(null, { headers })
      const stream = broadcaster.open({ signal: request.signal, mayStay })
      if (stream === undefined) throw new Refusal('UNAVAILABLE', 'Too many watch already.')
      return new Response(stream, { headers })
    },
    openApi: () => openApiDocument(),
    signOut: ({ request }) => {
      const cookie = authority.end(request)
      const headers = cookie === undefined ? undefined : { 'set-cookie': cookie }
      return new Response(null, { status: 204, headers: headers ?? {} })
    },
  }
}

/** Whoever asks is not known yet, so what a wrong token gets is what everybody gets. */
export async function signIn(
  desk: Desk,
  authority: Authority,
  request: Request,
): Promise<Response> {
  if (!isFromOwnPage(request)) throw crossSite()
  const { token } = fieldsOf('session', await bodyOf(request), ['token'])
  const wallMs = desk.parts.clock.wallMs()
  const session = typeof token === 'string' ? authority.open(request, token, wallMs) : undefined
  if (session === undefined) throw unauthenticated()
  const body = JSON.stringify(desk.stamped(me(desk, session.identity)))
  const headers = { 'content-type': 'application/json', 'set-cookie': session.cookie }
  return new Response(body, { headers })
}
