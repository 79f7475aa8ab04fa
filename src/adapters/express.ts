/** The admin API in Express 4 or 5. */
import type { RequestHandler } from 'express'
import type { Ops } from '../ops/index.ts'
import { opsMiddleware } from './node.ts'

/**
 * Answers what is of the admin API and passes the rest on. It may stand at the root or below a
 * prefix, before or after `express.json()`.
 *
 * @example
 * app.use(cacheAdmin(ops))
 */
export function cacheAdmin(ops: Ops): RequestHandler {
  return opsMiddleware(ops)
}
