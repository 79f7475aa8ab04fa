/** Adjusts the workers while they run. Exists only where an administrator token is set. */
import { z } from 'zod'
import { adminGuard } from '../process/admin-token.ts'
import type { TypedServer } from '../process/http-server.ts'
import type { DebouncedBatch } from './debounced-batch.ts'

const settings = z.object({
  /** Longest wait of a price change before positions show it. */
  delay_ms: z.number().int().min(0).max(600_000).optional(),
  writes_per_second: z.number().positive().max(100).optional(),
})

export function addControlRoutes(
  app: TypedServer,
  adminToken: string | undefined,
  positionUpdater: DebouncedBatch<string>,
): void {
  if (adminToken === undefined) return
  const onRequest = adminGuard(adminToken)
  app.get('/control/position-debounce', { onRequest }, async () => shown(positionUpdater))
  app.post(
    '/control/position-debounce',
    { onRequest, schema: { body: settings } },
    async (request) => {
      const { delay_ms: delayMs, writes_per_second: rate } = request.body
      positionUpdater.adjust({
        ...(delayMs === undefined ? {} : { delayMs }),
        ...(rate === undefined ? {} : { gapMs: 1_000 / rate }),
      })
      return shown(positionUpdater)
    },
  )
}

function shown({ settings, waiting }: DebouncedBatch<string>) {
  return {
    delay_ms: settings.delayMs,
    writes_per_second: 1_000 / settings.gapMs,
    waiting_markets: waiting,
  }
}
