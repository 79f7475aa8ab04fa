/** What the headers of a request say about how far a read goes. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { GetOptions } from 'staleproof'
import { afterHeader } from '../process/request-headers.ts'

/** A writer's own reads carry the token of its write, and see it from any process at once. */
export function readOptions({ headers }: FastifyRequest): GetOptions {
  const after = headers[afterHeader]
  return { after: typeof after === 'string' && after !== '' ? after : undefined }
}

export function withToken(reply: FastifyReply, token: string | undefined): FastifyReply {
  return token === undefined ? reply : reply.header(afterHeader, token)
}
