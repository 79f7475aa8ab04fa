/** `/prices`: what a market is quoted at. */
import { z } from 'zod'
import { tokenPrices } from '../../caches/price-cache.ts'
import { marketBatchMax } from '../../domain/market.ts'
import { priceSchema, tokenPriceSchema } from '../../domain/price.ts'
import { tokenMeanings } from '../../indexer/repositories/token-meanings.ts'
import type { TypedServer } from '../../process/http-server.ts'
import { notFound } from '../../process/service-error.ts'
import { absentRefusals, answer, refusals } from '../http/answers.ts'
import { marketId } from '../http/ids.ts'
import { readThrough } from '../http/read-headers.ts'
import { priceById, pricesByIds } from '../repositories/prices.ts'
import type { ApiServices } from '../services.ts'

const pricePath = z.object({ marketId })
const batch = z.object({ market_ids: z.array(marketId).max(marketBatchMax) })
const prices = z.object({
  /** In the order of the request. */
  prices: z.array(priceSchema).readonly(),
  missing: z.array(z.string()).readonly(),
})
/** Token ids are read like those of markets. */
const tokenBatch = z.object({ token_ids: z.array(marketId).max(marketBatchMax) })
const pricedTokens = prices.extend({ prices: z.array(tokenPriceSchema).readonly() })

export function addPriceRoutes(app: TypedServer, services: ApiServices): void {
  addMarketPrices(app, services)
  addTokenPrices(app, services)
}

function addMarketPrices(app: TypedServer, { cache, database }: ApiServices): void {
  const one = {
    summary: 'What a market is quoted at.',
    params: pricePath,
    response: { 200: answer('The price.', priceSchema), ...absentRefusals },
  }
  app.get('/prices/:marketId', { schema: one }, async (request) => {
    const { marketId } = request.params
    const price = await readThrough(request, {
      cached: (options) => cache.price.get(marketId, options),
      database: () => priceById(database, marketId),
    })
    if (price === undefined) throw notFound('price', marketId)
    return price
  })

  const many = {
    summary: 'The prices of many markets at once.',
    body: batch,
    response: {
      200: answer('Prices that are there, and ids that have none.', prices),
      ...refusals,
    },
  }
  app.post('/prices/batch', { schema: many }, async (request) => {
    const ids = [...new Set(request.body.market_ids)]
    const found = await readThrough(request, {
      cached: (options) => cache.price.getMany(ids, options),
      database: () => pricesByIds(database, ids),
    })
    const prices = found.filter((price) => price !== undefined)
    return { prices, missing: ids.filter((_, index) => found[index] === undefined) }
  })
}

function addTokenPrices(app: TypedServer, { cache, database }: ApiServices): void {
  const schema = {
    summary: 'What shares cost and bring, by the ids of their tokens.',
    body: tokenBatch,
    response: {
      200: answer('Prices that are there, and ids that have none.', pricedTokens),
      ...refusals,
    },
  }
  app.post('/prices/tokens', { schema }, async (request) => {
    const ids = [...new Set(request.body.token_ids)]
    const found = await tokenPrices(ids, {
      meaningsOf: (tokenIds) =>
        readThrough(request, {
          cached: (options) => cache.tokenMeaning.getMany(tokenIds, options),
          database: () => tokenMeanings(database, tokenIds),
        }),
      pricesOf: (marketIds) =>
        readThrough(request, {
          cached: (options) => cache.price.getMany(marketIds, options),
          database: () => pricesByIds(database, marketIds),
        }),
    })
    const prices = found.filter((price) => price !== undefined)
    return { prices, missing: ids.filter((_, index) => found[index] === undefined) }
  })
}
