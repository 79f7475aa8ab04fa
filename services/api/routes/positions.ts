/** `/positions`: what users hold. */
import { z } from 'zod'
import type { TypedServer } from '../../process/http-server.ts'
import { notFound } from '../../process/service-error.ts'
import { numericId } from '../http/ids.ts'
import { readThrough } from '../http/read-headers.ts'
import { openPositionsOf, positionById } from '../repositories/position-rows.ts'
import type { ApiServices } from '../services.ts'

const userPath = z.object({ userId: numericId })
const positionPath = z.object({ positionId: numericId })

export function addPositionRoutes(app: TypedServer, services: ApiServices): void {
  const { cache, database } = services

  app.get('/positions/user/:userId', { schema: { params: userPath } }, async (request) => {
    const { userId } = request.params
    const positions = await readThrough(request, {
      cached: (options) => cache.positions.get(userId, options),
      database: () => openPositionsOf(database, userId),
    })
    return { positions: positions ?? [] }
  })

  app.get('/positions/:positionId', { schema: { params: positionPath } }, async (request) => {
    const { positionId } = request.params
    const position = await readThrough(request, {
      cached: (options) => cache.position.get(positionId, options),
      database: () => positionById(database, positionId),
    })
    if (position === undefined) throw notFound('position', positionId)
    return position
  })
}
