/**
 * Shows where quotes come from, and switches sources off and on while the workers run. Exists
 * only where an administrator token is set.
 */
import type { LiveSourceStats } from 'staleproof/source'
import { z } from 'zod'
import { type MarketData, marketSources } from '../caches/market-data-layer.ts'
import { adminGuard } from '../process/admin-token.ts'
import type { TypedServer } from '../process/http-server.ts'

const setting = z.strictObject({ source: z.enum(marketSources), enabled: z.boolean() })
const page = z.object({
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(50),
})

export function addSourceRoutes(
  app: TypedServer,
  adminToken: string | undefined,
  data: MarketData,
): void {
  if (adminToken === undefined) return
  const onRequest = adminGuard(adminToken)
  app.get('/control/sources', { onRequest }, async () => shown(data))
  app.post('/control/sources', { onRequest, schema: { body: setting } }, async ({ body }) => {
    if (body.enabled) data.enable(body.source)
    else data.disable(body.source)
    return shown(data)
  })
  app.get('/debug/quotes', { onRequest, schema: { querystring: page } }, async ({ query }) => ({
    total: data.stats().keys,
    quotes: data.page(query).map(({ value, source, isLive, seenAtMs }) => ({
      ...value,
      source,
      isLive,
      seenAt: new Date(seenAtMs).toISOString(),
    })),
  }))
}

function shown(data: MarketData) {
  const { active, switches, keys, evicted, observerErrors, sources } = data.stats()
  return {
    active: active ?? null,
    switches,
    markets: keys,
    evicted,
    observer_errors: observerErrors,
    sources: sources.map(shownSource),
  }
}

function shownSource(source: LiveSourceStats) {
  const { name, kind, state, received, applied, duplicates, older, ignored, invalid } = source
  return {
    name,
    kind,
    state,
    state_ms: source.stateMs,
    active: source.isActive,
    rows: { received, applied, duplicates, older, ignored, invalid },
    failures: source.failures,
    last_error: source.lastError ?? null,
    last_invalid: source.lastInvalid ?? null,
    last_success_age_ms: source.lastSuccessAgeMs ?? null,
    newest_age_ms: source.newestAgeMs ?? null,
    activations: source.activations,
    active_ms: source.activeMs,
    latency: source.latency,
  }
}
