/**
 * So many requests a minute for each end user, counted together by all processes of the API.
 *
 * A caller with the administrator token is a service. It says in `x-end-user` for whom it asks;
 * what it asks for itself (loads of its cache, which serve many users, copies of trades, the list
 * of watched addresses) is not counted: caches and loops bound it. Everybody else is counted by
 * address, whatever he says of himself, so that nobody gets a new quota by a new name.
 */
import type { FastifyRequest } from 'fastify'
import type { PolycoolCache } from '../../domain/writes.ts'
import { tokenCheck } from '../../process/admin-token.ts'
import type { TypedServer } from '../../process/http-server.ts'
import { endUserHeader, endUserOf } from '../../process/request-headers.ts'
import { BusyError, ServiceError } from '../../process/service-error.ts'

export interface RateLimitOptions {
  readonly cache: Pick<PolycoolCache, 'limiter'>
  readonly adminToken: string | undefined
  /** 0: no limit. */
  readonly requestsPerMinute: number
}

/** Whoever watches over the process asks as often as he likes. */
const uncounted = /^\/(api\/v1\/cache|dashboard|health|metrics)\b/

export function addRateLimit(app: TypedServer, options: RateLimitOptions): void {
  const { cache, adminToken, requestsPerMinute } = options
  if (requestsPerMinute === 0) return
  const isService = adminToken === undefined ? () => false : tokenCheck(adminToken)
  const requests = cache.limiter('api-requests', { rate: requestsPerMinute, per: '1m' })
  app.addHook('onRequest', async (request) => {
    const client = uncounted.test(request.routeOptions.url ?? '')
      ? undefined
      : clientOf(request, isService)
    if (client === undefined) return
    const { granted, retryAfterMs } = await requests.of(client).tryTake()
    if (!granted) throw tooManyRequests(requestsPerMinute, retryAfterMs)
  })
}

/** Whose quota a request takes from; `undefined`: nobody's. */
function clientOf(
  request: FastifyRequest,
  isService: (request: FastifyRequest) => boolean,
): string | undefined {
  if (!isService(request)) return `address:${request.ip}`
  if (request.headers[endUserHeader] === undefined) return undefined
  const user = endUserOf(request)
  if (user !== undefined) return `user:${user}`
  const message = `${endUserHeader}: expected at most 64 word characters`
  throw new ServiceError(400, 'invalid_request', message)
}

function tooManyRequests(requestsPerMinute: number, retryAfterMs: number): BusyError {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1_000))
  const message = `More than ${requestsPerMinute} requests in a minute. Try again in ${seconds} s.`
  return new BusyError({ status: 429, code: 'too_many_requests', message, retryAfterMs })
}
