/**
 * `/api/v1/cache`: numbers and keys for everybody, clearing for administrators alone. Nothing here
 * asks for KEYS or flushes: listing scans in bounded steps, clearing is a clock of each family.
 */
import { isStaleproofError } from 'staleproof'
import type { Warmer } from 'staleproof/warm'
import { z } from 'zod'
import { adminGuard } from '../../process/admin-token.ts'
import type { TypedServer } from '../../process/http-server.ts'
import { ServiceError } from '../../process/service-error.ts'
import { domainStats } from '../cache-report.ts'
import { domainNames, domains } from '../domain.ts'
import { familiesOf } from '../domain-families.ts'
import { invalidateDomain, invalidateEverything } from '../invalidation.ts'
import type { ProductsServices } from '../services.ts'

const keysLimitMax = 1_000
const scanDeadlineMs = 5_000

const keysQuery = z.object({
  domain: z.enum(domainNames).optional(),
  limit: z.coerce.number().int().min(1).max(keysLimitMax).default(100),
})
const clearing = z.object({
  /** Absent: all domains. */
  domain: z.enum(domainNames).optional(),
  /** Says what would be cleared, and clears nothing. */
  dry_run: z.boolean().default(false),
})

export function addCacheReportRoutes(
  app: TypedServer,
  services: ProductsServices,
  warmer: Pick<Warmer, 'report'>,
): void {
  const { cache, catalog } = services

  app.get('/api/v1/cache/stats', async () => ({
    domains: domainStats(catalog, cache.stats()),
    memory: cache.stats().memory,
    warming: warmer.report(),
    pending: cache.pending().length,
    health: cache.health(),
  }))

  app.get('/api/v1/cache/keys', { schema: { querystring: keysQuery } }, async (request) => {
    const { domain, limit } = request.query
    const pattern = domain === undefined ? '*' : `${domains[domain].prefix}*`
    try {
      return await cache.keys({ pattern, limit, signal: AbortSignal.timeout(scanDeadlineMs) })
    } catch (error) {
      if (!isStaleproofError(error, 'SP_REDIS_DOWN')) throw error
      throw new ServiceError(503, 'redis_down', 'Redis can not be asked for its keys now.')
    }
  })

  app.get('/health/cache', async () => cache.health())
}

export function addCacheClearRoute(
  app: TypedServer,
  services: ProductsServices,
  adminToken: string | undefined,
): void {
  if (adminToken === undefined) return
  const { cache, catalog } = services
  const reason = 'cache_cleared'
  const onRequest = adminGuard(adminToken)
  app.post('/api/v1/cache/clear', { onRequest, schema: { body: clearing } }, async (request) => {
    const { domain, dry_run } = request.body
    const cleared = domain === undefined ? domainNames : [domain]
    const families = cleared.flatMap((one) => familiesOf(catalog, one).map(({ name }) => name))
    if (dry_run) return { families, dry_run }
    if (domain === undefined) await invalidateEverything(services, reason)
    else await invalidateDomain(services, reason, domain)
    // What Redis could not be told yet is kept, and said before anything is read from it.
    return { families, dry_run, pending: cache.pending().length }
  })
}
