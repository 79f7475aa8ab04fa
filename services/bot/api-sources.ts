/**
 * Where the bot's cache gets its values: the API. Each request says `no-cache`, so that the API
 * answers from the database and never from a cache of its own.
 */
import type { Sources } from 'staleproof'
import { z } from 'zod'
import type { PolycoolFamilies } from '../domain/catalog.ts'
import { marketListSchema } from '../domain/market.ts'
import { positionSchema, positionsSchema } from '../domain/position.ts'
import { priceSchema } from '../domain/price.ts'
import { userSchema } from '../domain/user.ts'
import { HttpFault, type JsonRequest, requestJson } from '../process/http-client.ts'

const positionsAnswer = z.object({ positions: positionsSchema })
const marketsAnswer = z.object({ markets: marketListSchema })
const pricesAnswer = z.object({ prices: z.array(priceSchema) })

export function apiSources(apiUrl: string): Sources<PolycoolFamilies> {
  const ask = async (path: string, request: JsonRequest): Promise<unknown> => {
    const headers = { 'cache-control': 'no-cache' }
    return (await requestJson(`${apiUrl}${path}`, { ...request, headers })).body
  }
  return {
    user: (telegramId, { signal }) =>
      orAbsent(async () => userSchema.parse(await ask(`/users/${telegramId}`, { signal }))),
    positions: async (userId, { signal }) =>
      positionsAnswer.parse(await ask(`/positions/user/${userId}`, { signal })).positions,
    position: (positionId, { signal }) =>
      orAbsent(async () => positionSchema.parse(await ask(`/positions/${positionId}`, { signal }))),
    marketList: async ({ order, limit, offset }, { signal }) => {
      const query = new URLSearchParams({ order, limit: `${limit}`, offset: `${offset}` })
      return marketsAnswer.parse(await ask(`/markets?${query}`, { signal })).markets
    },
    market: {
      many: async (ids, { signal }) => {
        const body = await ask('/markets/batch', batchOf(ids, signal))
        return aligned(ids, marketsAnswer.parse(body).markets, (market) => market.id)
      },
    },
    price: {
      many: async (ids, { signal }) => {
        const body = await ask('/prices/batch', batchOf(ids, signal))
        return aligned(ids, pricesAnswer.parse(body).prices, (price) => price.marketId)
      },
    },
  }
}

function batchOf(ids: readonly string[], signal: AbortSignal): JsonRequest {
  return { method: 'POST', body: { market_ids: ids }, signal }
}

function aligned<V>(
  ids: readonly string[],
  values: readonly V[],
  idOf: (value: V) => string,
): (V | undefined)[] {
  const byId = new Map(values.map((value) => [idOf(value), value]))
  return ids.map((id) => byId.get(id))
}

async function orAbsent<V>(load: () => Promise<V>): Promise<V | undefined> {
  try {
    return await load()
  } catch (error) {
    if (error instanceof HttpFault && error.status === 404) return undefined
    throw error
  }
}
