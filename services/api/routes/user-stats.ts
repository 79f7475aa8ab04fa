/** `/users/:telegramId/stats`: what a user's trades have come to. */
import { z } from 'zod'
import { userStatsSchema } from '../../domain/user-stats.ts'
import type { TypedServer } from '../../process/http-server.ts'
import { notFound } from '../../process/service-error.ts'
import { absentRefusals, answer } from '../http/answers.ts'
import { telegramId } from '../http/ids.ts'
import { readThrough } from '../http/read-headers.ts'
import { userStatsByTelegramId } from '../repositories/user-stats.ts'
import type { ApiServices } from '../services.ts'

const userPath = z.object({ telegramId })

export function addUserStatsRoutes(app: TypedServer, services: ApiServices): void {
  const { cache, database } = services
  const schema = {
    summary: "What a user's trades have come to.",
    params: userPath,
    response: {
      200: answer('Profit, volume and share of profits.', userStatsSchema),
      ...absentRefusals,
    },
  }
  app.get('/users/:telegramId/stats', { schema }, async (request) => {
    const { telegramId } = request.params
    const stats = await readThrough(request, {
      cached: (options) => cache.userStats.get(telegramId, options),
      database: () => userStatsByTelegramId(database, telegramId),
    })
    if (stats === undefined) throw notFound('user', telegramId)
    return stats
  })
}
