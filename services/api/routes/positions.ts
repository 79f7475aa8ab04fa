/** `/positions`: what users hold. */
import type { FastifyRequest } from 'fastify'
import type { DeepReadonly } from 'staleproof'
import { z } from 'zod'
import { valuedAll } from '../../caches/position-cache.ts'
import { type Holding, type Position, positionSchema } from '../../domain/position.ts'
import type { TypedServer } from '../../process/http-server.ts'
import { notFound } from '../../process/service-error.ts'
import { absentRefusals, answer, refusals } from '../http/answers.ts'
import { numericId } from '../http/ids.ts'
import { readThrough } from '../http/read-headers.ts'
import { holdingsByIds, holdingsOf } from '../repositories/position-rows.ts'
import { pricesByIds } from '../repositories/prices.ts'
import type { ApiServices } from '../services.ts'

const userPath = z.object({ userId: numericId })
const positionPath = z.object({ positionId: numericId })
const positions = z.object({ positions: z.array(positionSchema).readonly() })

export function addPositionRoutes(app: TypedServer, services: ApiServices): void {
  const { cache, database } = services

  const list = {
    summary: 'The open positions of a user, newest first.',
    params: userPath,
    response: { 200: answer('The positions.', positions), ...refusals },
  }
  app.get('/positions/user/:userId', { schema: list }, async (request) => {
    const { userId } = request.params
    const holdings = await readThrough(request, {
      cached: (options) => cache.positions.get(userId, options),
      database: async () => (await holdingsOf(database, [userId]))[0],
    })
    return { positions: await worth(services, request, holdings ?? []) }
  })

  const one = {
    summary: 'One position, open or closed.',
    params: positionPath,
    response: { 200: answer('The position.', positionSchema), ...absentRefusals },
  }
  app.get('/positions/:positionId', { schema: one }, async (request) => {
    const { positionId } = request.params
    const holding = await readThrough(request, {
      cached: (options) => cache.position.get(positionId, options),
      database: async () => (await holdingsByIds(database, [positionId]))[0],
    })
    if (holding === undefined) throw notFound('position', positionId)
    const [position] = await worth(services, request, [holding])
    return position
  })
}

/** Positions as they are worth now, by the prices of their markets. */
function worth(
  { cache, database }: ApiServices,
  request: FastifyRequest,
  holdings: readonly DeepReadonly<Holding>[],
): Promise<Position[]> {
  return valuedAll(holdings, (marketIds) =>
    readThrough(request, {
      cached: () => cache.price.getMany(marketIds),
      database: () => pricesByIds(database, marketIds),
    }),
  )
}
