/**
 * Where the bot's cache gets its values: the API. Each request says `no-cache`, so that the API
 * answers from the database and never from a cache of its own.
 */
import type { Sources } from 'staleproof'
import { z } from 'zod'
import type { Dependency } from '../caches/breakers.ts'
import type { PolycoolFamilies } from '../domain/catalog.ts'
import { marketListSchema } from '../domain/market.ts'
import { groupSummarySchema } from '../domain/market-group.ts'
import { holdingSchema, holdingsSchema } from '../domain/position.ts'
import { priceSchema } from '../domain/price.ts'
import { userSchema } from '../domain/user.ts'
import { userStatsSchema } from '../domain/user-stats.ts'
import { asService } from '../process/admin-token.ts'
import { HttpFault, type JsonRequest, requestJson } from '../process/http-client.ts'

const positionsAnswer = z.object({ positions: holdingsSchema })
const marketsAnswer = z.object({ markets: marketListSchema })
const groupsAnswer = z.object({ groups: z.array(groupSummarySchema) })
const pricesAnswer = z.object({ prices: z.array(priceSchema) })

/** A refusal is an answer: it says nothing about whether the API works. */
const api = {
  dependency: 'api' satisfies Dependency,
  isFailure: (error: unknown) => !(error instanceof HttpFault && error.status < 500),
}

/** What it loads serves many users, so it asks for the bot itself and for nobody's quota. */
export function apiSources(
  apiUrl: string,
  adminToken?: string | undefined,
): Sources<PolycoolFamilies> {
  const ask = async (path: string, request: JsonRequest): Promise<unknown> => {
    const headers = { 'cache-control': 'no-cache', ...asService(adminToken) }
    return (await requestJson(`${apiUrl}${path}`, { ...request, headers })).body
  }
  return {
    user: {
      one: (telegramId, { signal }) =>
        orAbsent(async () => userSchema.parse(await ask(`/users/${telegramId}`, { signal }))),
      ...api,
    },
    userStats: {
      one: (telegramId, { signal }) =>
        orAbsent(async () =>
          userStatsSchema.parse(await ask(`/users/${telegramId}/stats`, { signal })),
        ),
      ...api,
    },
    positions: {
      one: async (userId, { signal }) =>
        positionsAnswer.parse(await ask(`/positions/user/${userId}`, { signal })).positions,
      ...api,
    },
    position: {
      one: (positionId, { signal }) =>
        orAbsent(async () =>
          holdingSchema.parse(await ask(`/positions/${positionId}`, { signal })),
        ),
      ...api,
    },
    marketList: {
      one: async ({ order, limit, offset }, { signal }) => {
        const query = new URLSearchParams({ order, limit: `${limit}`, offset: `${offset}` })
        return marketsAnswer.parse(await ask(`/markets?${query}`, { signal })).markets
      },
      ...api,
    },
    marketGroups: {
      one: async ({ limit, offset }, { signal }) => {
        const query = new URLSearchParams({ limit: `${limit}`, offset: `${offset}` })
        return groupsAnswer.parse(await ask(`/groups?${query}`, { signal })).groups
      },
      ...api,
    },
    market: {
      many: async (ids, { signal }) => {
        const body = await ask('/markets/batch', batchOf(ids, signal))
        return aligned(ids, marketsAnswer.parse(body).markets, (market) => market.id)
      },
      ...api,
    },
    price: {
      many: async (ids, { signal }) => {
        const body = await ask('/prices/batch', batchOf(ids, signal))
        return aligned(ids, pricesAnswer.parse(body).prices, (price) => price.marketId)
      },
      ...api,
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
