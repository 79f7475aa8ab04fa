/**
 * What an administrator sees of the caches of a process, and how breakers are set while it runs.
 * The routes exist only where an administrator token is set.
 */
import { type CacheStats, isStaleproofError } from 'staleproof'
import {
  type BreakerSettings,
  Breakers,
  breakerSettings,
  type Guarded,
} from '../caches/breakers.ts'
import { cacheFigures, familyFigures } from '../caches/registry.ts'
import { adminGuard } from './admin-token.ts'
import type { TypedServer } from './http-server.ts'
import { ServiceError } from './service-error.ts'

export interface CacheFacts {
  readonly service: string
  readonly cache: Guarded & { stats(): CacheStats }
  readonly adminToken?: string | undefined
  /** How the breakers are set at the start. */
  readonly breakers?: BreakerSettings | undefined
}

/** Sets the breakers, whether there is a token or not. */
export function addCacheRoutes(app: TypedServer, facts: CacheFacts): void {
  const { service, cache, adminToken } = facts
  const breakers = new Breakers(cache, facts.breakers)
  if (adminToken === undefined) return
  const onRequest = adminGuard(adminToken)
  app.get('/debug/caches', { onRequest }, () => {
    const stats = cache.stats()
    return { service, caches: cacheFigures(stats), families: familyFigures(stats) }
  })
  app.get('/control/breakers', { onRequest }, () => ({ service, breakers: breakers.view() }))
  app.post('/control/breakers', { onRequest, schema: { body: breakerSettings } }, (request) => {
    adjust(breakers, request.body)
    return { service, breakers: breakers.view() }
  })
}

function adjust(breakers: Breakers, settings: BreakerSettings): void {
  try {
    breakers.adjust(settings)
  } catch (error) {
    if (!isStaleproofError(error, 'SP_OPTION_INVALID')) throw error
    throw new ServiceError(400, 'invalid_request', error.message)
  }
}
