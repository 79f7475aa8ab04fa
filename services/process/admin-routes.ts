/** Routes of those who look after a service; they are none of what the service is for. */
import type { FastifyRequest } from 'fastify'
import { apiBase } from 'staleproof/ops'

/** Not counted with the pages of a service: streams stay open for hours, and look slow. */
export function isAdministration({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url?.startsWith(`${apiBase}/`) ?? false
}
