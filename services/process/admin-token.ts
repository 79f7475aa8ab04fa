/**
 * The administrator token, `Authorization: Bearer <ADMIN_TOKEN>`: it opens routes that only an
 * administrator may use, and it is how one service of the house knows another.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { ServiceError } from './service-error.ts'

/** Tells whether a request carries the token; hashed, both sides are compared at equal lengths. */
export function tokenCheck(adminToken: string): (request: FastifyRequest) => boolean {
  const expected = digest(`Bearer ${adminToken}`)
  return ({ headers }) => timingSafeEqual(digest(headers.authorization ?? ''), expected)
}

/** Returns a hook that refuses with 401. */
export function adminGuard(adminToken: string): (request: FastifyRequest) => Promise<void> {
  const isAdministrator = tokenCheck(adminToken)
  return async (request) => {
    if (isAdministrator(request)) return
    throw new ServiceError(401, 'not_authorised', 'Send the administrator token as bearer token.')
  }
}

/** The headers with which a service shows another one that it is of the house. */
export function asService(adminToken: string | undefined): Readonly<Record<string, string>> {
  return adminToken === undefined ? {} : { authorization: `Bearer ${adminToken}` }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
