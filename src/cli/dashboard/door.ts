/**
 * The way into the page for the one person who was given it: an address that works once and
 * leaves a session behind, so that no token stays in a history, and nobody else on this machine
 * can enter.
 */
import type { Ops } from '../../ops/index.ts'

const opening = '/open/'
const page = '/dashboard/'
const session = '/api/v1/cache/session'

export class Door {
  readonly #ops: Ops
  readonly #token: string
  #once: string | undefined

  /** `once` opens it; `token` is what the session is for. */
  constructor(ops: Ops, { token, once }: { readonly token: string; readonly once: string }) {
    this.#ops = ops
    this.#token = token
    this.#once = once
  }

  /** In front of the admin API: it has its methods. */
  get guarded(): Ops {
    return {
      ...this.#ops,
      fetch: (request, peer) => {
        const { pathname } = new URL(request.url)
        if (pathname === '/') return Promise.resolve(redirected(page))
        if (!pathname.startsWith(opening)) return this.#ops.fetch(request, peer)
        return this.#opened(request, pathname.slice(opening.length))
      },
    }
  }

  async #opened(request: Request, given: string): Promise<Response> {
    if (this.#once === undefined || given !== this.#once) return redirected(page)
    this.#once = undefined
    const { origin } = new URL(request.url)
    const answer = await this.#ops.fetch(
      new Request(new URL(session, origin), {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin, host: new URL(origin).host },
        body: JSON.stringify({ token: this.#token }),
      }),
      { address: '127.0.0.1' },
    )
    const response = redirected(page)
    for (const cookie of answer.headers.getSetCookie()) {
      response.headers.append('set-cookie', cookie)
    }
    return response
  }
}

/** Nobody may learn the address from where the page leads. */
function redirected(location: string): Response {
  const headers = { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }
  return new Response(null, { status: 303, headers })
}
