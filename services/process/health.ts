/**
 * `/health` of every service is open to everyone and says only its state. Why that is so, and what
 * else the service has to say about itself (`details`), is at `/debug/health` for the
 * administrator. Health answers 200 while Redis is down: a cache must not take a service out of
 * rotation.
 */
import type { Health } from 'staleproof'
import { adminGuard } from './admin-token.ts'
import type { TypedServer } from './http-server.ts'

export interface HealthFacts {
  readonly service: string
  /** A service without one is well as long as it answers. */
  readonly cache?: { health(): Health } | undefined
  readonly adminToken?: string | undefined
  readonly details?: () => object
}

export function addHealthRoute(app: TypedServer, facts: HealthFacts): void {
  const { service, cache, adminToken, details } = facts
  app.get('/health', async () => ({ status: cache?.health().state ?? 'ok' }))
  if (adminToken === undefined) return
  app.get('/debug/health', { onRequest: adminGuard(adminToken) }, async () => ({
    service,
    ...(cache !== undefined && { cache: cache.health() }),
    ...details?.(),
  }))
}
