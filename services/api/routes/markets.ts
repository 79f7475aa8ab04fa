/** `/markets`: lists, one, and many at once. */
import { z } from 'zod'
import { marketBatchMax, marketOrders } from '../../domain/market.ts'
import type { TypedServer } from '../../process/http-server.ts'
import { notFound } from '../../process/service-error.ts'
import { marketId } from '../http/ids.ts'
import { readThrough } from '../http/read-headers.ts'
import {
  marketById,
  marketIdByCondition,
  marketPage,
  marketsByIds,
} from '../repositories/markets.ts'
import type { ApiServices } from '../services.ts'

const page = z.object({
  order: z.enum(marketOrders).default('volume'),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  offset: z.coerce.number().int().min(0).max(10_000).default(0),
})
const marketPath = z.object({ marketId })
const conditionPath = z.object({ conditionId: z.string().min(1).max(128) })
const batch = z.object({ market_ids: z.array(marketId).max(marketBatchMax) })

export function addMarketRoutes(app: TypedServer, services: ApiServices): void {
  const { cache, database } = services

  app.get('/markets', { schema: { querystring: page } }, async (request) => {
    const markets = await readThrough(request, {
      cached: (options) => cache.marketList.get(request.query, options),
      database: () => marketPage(database, request.query),
    })
    return { markets: markets ?? [] }
  })

  app.get('/markets/:marketId', { schema: { params: marketPath } }, async (request) => {
    const { marketId } = request.params
    const market = await readThrough(request, {
      cached: (options) => cache.market.get(marketId, options),
      database: () => marketById(database, marketId),
    })
    if (market === undefined) throw notFound('market', marketId)
    return market
  })

  app.get(
    '/markets/by-condition/:conditionId',
    { schema: { params: conditionPath } },
    async (request) => {
      const { conditionId } = request.params
      const id = await readThrough(request, {
        cached: (options) => cache.marketByCondition.get(conditionId, options),
        database: () => marketIdByCondition(database, conditionId),
      })
      if (id === undefined) throw notFound('market', conditionId)
      return { market_id: id }
    },
  )

  app.post('/markets/batch', { schema: { body: batch } }, async (request) => {
    const ids = [...new Set(request.body.market_ids)]
    const found = await readThrough(request, {
      cached: (options) => cache.market.getMany(ids, options),
      database: () => marketsByIds(database, ids),
    })
    const markets = found.filter((market) => market !== undefined)
    return { markets, missing: ids.filter((_, index) => found[index] === undefined) }
  })
}
