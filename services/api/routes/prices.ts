/** `/prices`: what a market is quoted at. */
import { z } from 'zod'
import { marketBatchMax } from '../../domain/market.ts'
import type { TypedServer } from '../../process/http-server.ts'
import { notFound } from '../../process/service-error.ts'
import { marketId } from '../http/ids.ts'
import { readThrough } from '../http/read-headers.ts'
import { priceById, pricesByIds } from '../repositories/prices.ts'
import type { ApiServices } from '../services.ts'

const pricePath = z.object({ marketId })
const batch = z.object({ market_ids: z.array(marketId).max(marketBatchMax) })

export function addPriceRoutes(app: TypedServer, services: ApiServices): void {
  const { cache, database } = services

  app.get('/prices/:marketId', { schema: { params: pricePath } }, async (request) => {
    const { marketId } = request.params
    const price = await readThrough(request, {
      cached: (options) => cache.price.get(marketId, options),
      database: () => priceById(database, marketId),
    })
    if (price === undefined) throw notFound('price', marketId)
    return price
  })

  app.post('/prices/batch', { schema: { body: batch } }, async (request) => {
    const ids = [...new Set(request.body.market_ids)]
    const found = await readThrough(request, {
      cached: (options) => cache.price.getMany(ids, options),
      database: () => pricesByIds(database, ids),
    })
    const prices = found.filter((price) => price !== undefined)
    return { prices, missing: ids.filter((_, index) => found[index] === undefined) }
  })
}
