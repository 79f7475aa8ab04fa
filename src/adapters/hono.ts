/** The admin API in Hono, wherever Hono runs. */
import type { Context, Env, Hono } from 'hono'
import type { Ops } from '../ops/index.ts'

/** How the admin API stands among other routes. */
export interface CacheAdminOptions {
  /** In front of its paths, as `/admin`. Default: nothing. */
  readonly prefix?: string | undefined
  /** Address of the other end; `loopback` needs it. Each runtime tells it in its own way. */
  readonly addressOf?: ((context: Context) => string | undefined) | undefined
}

/**
 * Adds the routes of the admin API.
 *
 * @example
 * addCacheAdmin(app, ops, { prefix: '/admin' })
 */
export function addCacheAdmin<E extends Env>(
  app: Hono<E>,
  ops: Ops,
  { prefix = '', addressOf }: CacheAdminOptions = {},
): void {
  for (const path of ops.paths) {
    app.all(prefix + path, (context) => {
      const request = prefix === '' ? context.req.raw : without(prefix, context.req.raw)
      return ops.fetch(request, { address: addressOf?.(context) })
    })
  }
}

function without(prefix: string, request: Request): Request {
  const url = new URL(request.url)
  url.pathname = url.pathname.slice(prefix.length)
  return new Request(url, request)
}
