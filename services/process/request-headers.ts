/** The headers of requests that the services of the house agree on. */
import type { FastifyRequest } from 'fastify'

/** Carries the token of a receipt: out with a write, in with a later read. */
export const afterHeader = 'x-staleproof-after'

/** For whom a service asks: a name to count and to learn by, which gives no right to anything. */
export const endUserHeader = 'x-end-user'
const endUserName = /^[\w.:-]{1,64}$/

/** Undefined: nobody is named, or by what is no name. */
export function endUserOf({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const name = headers[endUserHeader]
  return typeof name === 'string' && endUserName.test(name) ? name : undefined
}
