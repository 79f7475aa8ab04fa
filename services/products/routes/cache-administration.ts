/**
 * The cache by domain: numbers for everybody, clearing for administrators alone. Nothing here
 * flushes: clearing is a clock of each family. Keys and all else is in the administration of
 * the cache, below `/api/v1/cache`.
 */
import type { Warmer } from 'staleproof/warm'
import { z } from 'zod'
import { adminGuard } from '../../process/admin-token.ts'
import type { TypedServer } from '../../process/http-server.ts'
import { domainStats } from '../cache-report.ts'
import { domainNames } from '../domain.ts'
import { familiesOf } from '../domain-families.ts'
import { invalidateDomain, invalidateEverything } from '../invalidation.ts'
import type { ProductsServices } from '../services.ts'

const clearing = z.object({
  /** Absent: all domains. */
  domain: z.enum(domainNames).optional(),
  /** Says what would be cleared, and clears nothing. */
  dry_run: z.boolean().default(false),
})

export function addCacheDomainRoutes(
  app: TypedServer,
  services: ProductsServices,
  warmer: Pick<Warmer, 'report'>,
): void {
  const { cache, catalog } = services

  app.get('/cache/domains', async () => ({
    domains: domainStats(catalog, cache.stats()),
    memory: cache.stats().memory,
    warming: warmer.report(),
    pending: cache.pending().length,
  }))
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
  app.post('/cache/domains/clear', { onRequest, schema: { body: clearing } }, async (request) => {
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
