/** `/analytics`: the dashboard and the daily report. `/settings`: what an administrator changes. */

import type { GetOptions } from 'staleproof'
import { adminGuard } from '../../process/admin-token.ts'
import type { TypedServer } from '../../process/http-server.ts'
import { appSettingsSchema } from '../app-settings.ts'
import { settingsRow } from '../changes.ts'
import { invalidateDashboardCache } from '../invalidation.ts'
import { readOptions, withToken } from '../read-options.ts'
import { reportDay } from '../repositories/analytics.ts'
import { appSettingsName, saveAppSettings } from '../repositories/app-settings.ts'
import { commitRows, type ProductsServices } from '../services.ts'
import { settingsChanged } from '../writes.ts'

export function addAnalyticsRoutes(app: TypedServer, services: ProductsServices): void {
  const { cache } = services

  app.get('/analytics/dashboard', (request) => cache.dashboardStats.get(readOptions(request)))

  app.get('/analytics/daily-report', async (request) => {
    return { days: await reportOfToday(services, readOptions(request)) }
  })

  app.get('/settings', (request) => cache.appSettings.get(readOptions(request)))
}

/**
 * No write says that a day has begun: whoever reads first sees that the report lacks it. Our clock
 * only says when to look; the database, whose days the rows have, says which day it is.
 */
async function reportOfToday(services: ProductsServices, options: GetOptions) {
  const days = await services.cache.dailyReport.get(options)
  const latest = days?.[0]?.day
  if (latest === new Date().toISOString().slice(0, 10)) return days
  if (latest === (await reportDay(services.database))) return days
  await invalidateDashboardCache(services, 'day_began')
  return services.cache.dailyReport.get()
}

export function addSettingsRoute(
  app: TypedServer,
  services: ProductsServices,
  adminToken: string | undefined,
): void {
  if (adminToken === undefined) return
  const onRequest = adminGuard(adminToken)
  app.put(
    '/settings',
    { onRequest, schema: { body: appSettingsSchema } },
    async (request, reply) => {
      const { token } = await commitRows(services, settingsChanged, async (transaction) => {
        await saveAppSettings(transaction, request.body)
        return { result: undefined, rows: [settingsRow(appSettingsName)] }
      })
      return withToken(reply, token).send(request.body)
    },
  )
}
