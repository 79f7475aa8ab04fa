/**
 * What the headers of a read ask for. `cache-control: no-cache` comes from a cache that fills
 * itself from this service: it must be answered by the database, else one cache would feed another
 * an old value, or wait for a lease that its own caller holds.
 */
import type { FastifyRequest } from 'fastify'
import type { GetOptions } from 'staleproof'
import type { TypedServer } from '../../process/http-server.ts'
import { afterHeader } from '../../process/request-headers.ts'

export interface ReadPaths<V> {
  readonly cached: (options: GetOptions) => Promise<V>
  readonly database: () => Promise<V>
}

export function readThrough<V>(request: FastifyRequest, paths: ReadPaths<V>): Promise<V> {
  if (asksForDatabase(request)) return paths.database()
  return paths.cached({ after: textHeader(request, afterHeader) })
}

/** From now on every request counts as one that asks for the database. */
export function readFromDatabaseAlone(app: TypedServer): void {
  app.addHook('onRequest', async (request) => {
    request.headers['cache-control'] = 'no-cache'
  })
}

function asksForDatabase(request: FastifyRequest): boolean {
  const wishes = textHeader(request, 'cache-control')?.split(',') ?? []
  return wishes.some((wish) => wish.trim().toLowerCase() === 'no-cache')
}

function textHeader(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
