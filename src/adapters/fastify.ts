/** The admin API in Fastify. */
import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify'
import type { Ops } from '../ops/index.ts'
import { opsListener } from './node.ts'

/** What the plugin takes. */
export interface CacheAdminOptions {
  readonly ops: Ops
}

/**
 * A plugin with the routes of the admin API, below the prefix that it is registered with.
 *
 * @example
 * await app.register(cacheAdmin, { ops, prefix: '/admin' })
 */
export const cacheAdmin: FastifyPluginCallback<CacheAdminOptions> = (app, { ops }, done) => {
  // The handler reads bodies itself, and bounds them; the parsers of the host are not for it.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _body, parsed) => parsed(null))
  const listen = opsListener(ops)
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    reply.hijack()
    request.raw.url = request.raw.url?.slice(app.prefix.length) || '/'
    await listen(request.raw, reply.raw)
  }
  for (const path of ops.paths) app.all(path, answer)
  done()
}
