/** Guards routes that only an administrator may use: `Authorization: Bearer <ADMIN_TOKEN>`. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { ServiceError } from './service-error.ts'

/** Returns a hook that refuses with 401; hashed, both sides are compared at equal lengths. */
export function adminGuard(adminToken: string): (request: FastifyRequest) => Promise<void> {
  const expected = digest(`Bearer ${adminToken}`)
  return async (request) => {
    const given = digest(request.headers.authorization ?? '')
    if (timingSafeEqual(given, expected)) return
    throw new ServiceError(401, 'not_authorised', 'Send the administrator token as bearer token.')
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
