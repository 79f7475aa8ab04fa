/** `/markets`: lists, one, and many at once. */
import { z } from 'zod'
import { marketBatchMax, marketOrders, marketSchema } from '../../domain/market.ts'
import type { TypedServer } from '../../process/http-server.ts'
import { notFound } from '../../process/service-error.ts'
import { wellFormed } from '../../process/well-formed.ts'
import { absentRefusals, answer, refusals } from '../http/answers.ts'
import { marketId } from '../http/ids.ts'
import { readThrough } from '../http/read-headers.ts'
import {
  activeMarketIds,
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
const conditionPath = z.object({ conditionId: wellFormed.min(1).max(128) })
const batch = z.object({ market_ids: z.array(marketId).max(marketBatchMax) })
const markets = z.object({ markets: z.array(marketSchema).readonly() })
const found = markets.extend({ missing: z.array(z.string()).readonly() })
const reference = z.object({ market_id: z.string() })
const active = z.object({ market_ids: z.array(z.string()).readonly() })

export function addMarketRoutes(app: TypedServer, services: ApiServices): void {
  const { cache, database } = services

  const list = {
    summary: 'Active markets, sorted; `ending` lists what ends within a week, soonest first.',
    querystring: page,
    response: { 200: answer('A page of markets.', markets), ...refusals },
  }
  app.get('/markets', { schema: list }, async (request) => {
    const markets = await readThrough(request, {
      cached: (options) => cache.marketList.get(request.query, options),
      database: () => marketPage(database, request.query),
    })
    return { markets: markets ?? [] }
  })

  const open = {
    summary: 'The ids of all active markets.',
    response: { 200: answer('The ids, sorted as text.', active), ...refusals },
  }
  app.get('/markets/active', { schema: open }, async (request) => {
    const ids = await readThrough(request, {
      cached: (options) => cache.activeMarkets.get(options),
      database: () => activeMarketIds(database),
    })
    return { market_ids: ids ?? [] }
  })

  const one = {
    summary: 'A market, without its price.',
    params: marketPath,
    response: { 200: answer('The market.', marketSchema), ...absentRefusals },
  }
  app.get('/markets/:marketId', { schema: one }, async (request) => {
    const { marketId } = request.params
    const market = await readThrough(request, {
      cached: (options) => cache.market.get(marketId, options),
      database: () => marketById(database, marketId),
    })
    if (market === undefined) throw notFound('market', marketId)
    return market
  })

  const byCondition = {
    summary: 'The id of the market with this condition.',
    params: conditionPath,
    response: { 200: answer('The id.', reference), ...absentRefusals },
  }
  app.get('/markets/by-condition/:conditionId', { schema: byCondition }, async (request) => {
    const { conditionId } = request.params
    const id = await readThrough(request, {
      cached: (options) => cache.marketByCondition.get(conditionId, options),
      database: () => marketIdByCondition(database, conditionId),
    })
    if (id === undefined) throw notFound('market', conditionId)
    return { market_id: id }
  })

  const many = {
    summary: 'Many markets at once, in the order of the request.',
    body: batch,
    response: { 200: answer('Markets that are there, and ids of none.', found), ...refusals },
  }
  app.post('/markets/batch', { schema: many }, async (request) => {
    const ids = [...new Set(request.body.market_ids)]
    const known = await readThrough(request, {
      cached: (options) => cache.market.getMany(ids, options),
      database: () => marketsByIds(database, ids),
    })
    const present = known.filter((market) => market !== undefined)
    return { markets: present, missing: ids.filter((_, index) => known[index] === undefined) }
  })
}
