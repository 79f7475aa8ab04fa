/**
 * The Bot behind an API that can be frozen, on one Redis and one PostgreSQL: the API is a process
 * of its own; the Bot and the Workers, who write, are caches of their own in this one. The API
 * reaches Redis through a proxy that can hold back what it is told.
 */
import { openCache } from 'staleproof'
import { z } from 'zod'
import { changeLimits } from '../../services/api/repositories/position-limits.ts'
import { addMarkets, anyTelegramId, sampleMarket } from '../../services/api/testing/sample-data.ts'
import { ApiClient, type Trader } from '../../services/bot/api-client.ts'
import { apiSources } from '../../services/bot/api-sources.ts'
import { Receipts } from '../../services/bot/receipts.ts'
import { type Database, openDatabase } from '../../services/database/connection.ts'
import { catalog } from '../../services/domain/catalog.ts'
import { holdingsSchema } from '../../services/domain/position.ts'
import { type PolycoolCache, positionLimitsChanged } from '../../services/domain/writes.ts'
import { type Closing, openInSteps } from '../../services/process/closing.ts'
import { requestJson } from '../../services/process/http-client.ts'
import { silentLogger } from '../../services/process/logger.ts'
import { startPostgres } from '../servers/postgres.ts'
import { type RedisProxy, startProxy } from '../servers/proxy.ts'
import { startRedis } from '../servers/redis.ts'
import { ApiDoor } from './api-door.ts'
import { type ApiProcess, startApiProcess } from './api-process.ts'

/** A trader with one open position, and a take-profit on it. */
export interface Holder {
  readonly trader: Trader
  readonly userId: number
  readonly positionId: number
}

export type Consistency = 'bounded' | 'strict'

/** The take-profit of a position before and after it is changed, in US dollars per share. */
export const oldLimit = 0.8
export const newLimit = 0.9

interface Parts {
  readonly api: ApiProcess
  readonly door: ApiDoor
  readonly network: RedisProxy
  readonly database: Database
  readonly bot: PolycoolCache
  readonly workers: PolycoolCache
  readonly closing: Closing
}

const adminToken = 'token-of-the-test-with-32-characters'
const debugAnswer = z.object({ from: z.string(), value: holdingsSchema })
const positionsAnswer = z.object({ positions: holdingsSchema })
const holderAnswer = z.object({ id: z.number() })

export function openBotBehindApi(): Promise<BotBehindApi> {
  return openInSteps(async (closing) => {
    const redis = await startRedis()
    closing.add(() => redis.stop())
    const postgres = await startPostgres()
    closing.add(() => postgres.stop())
    const network = await startProxy(redis.port)
    closing.add(() => network.stop())
    const databaseUrl = postgres.url
    const api = await startApiProcess({ redisUrl: network.url, databaseUrl, adminToken })
    closing.add(() => api.stop())
    const door = await ApiDoor.open(api.url)
    closing.add(() => door.close())
    const database = openDatabase({ databaseUrl, log: silentLogger(), closing })
    const sources = apiSources(door.url)
    const bot = await openCache(catalog, { service: 'bot', redis: redis.url, sources })
    closing.add(() => bot.close())
    const workers = await openCache(catalog, { service: 'workers', redis: redis.url })
    closing.add(() => workers.close())
    return new BotBehindApi({ api, door, network, database, bot, workers, closing })
  })
}

export class BotBehindApi {
  readonly api: ApiProcess
  readonly door: ApiDoor
  readonly network: RedisProxy
  readonly bot: PolycoolCache
  readonly #parts: Parts
  readonly #client: ApiClient
  #lastMarket = 0

  constructor(parts: Parts) {
    this.api = parts.api
    this.door = parts.door
    this.network = parts.network
    this.bot = parts.bot
    this.#parts = parts
    const { bot: cache, door } = parts
    this.#client = new ApiClient({ apiUrl: door.url, cache, receipts: new Receipts() })
  }

  async newHolder(): Promise<Holder> {
    this.#lastMarket += 1
    const marketId = String(this.#lastMarket)
    await addMarkets(this.#parts.database, [sampleMarket(marketId)])
    const trader = { telegramId: anyTelegramId(), name: 'Ada' }
    const { id: userId } = await this.#client.user(trader)
    const order = { user_id: userId, market_id: marketId, outcome: 'yes', amount: 10 }
    const answer = await requestJson(`${this.api.url}/positions`, { method: 'POST', body: order })
    const { id: positionId } = holderAnswer.parse(answer.body)
    const limit = { take_profit: oldLimit }
    const url = `${this.api.url}/positions/${positionId}`
    await requestJson(url, { method: 'PATCH', body: limit })
    return { trader, userId, positionId }
  }

  /**
   * As every writer does it: the new limit is committed, then exactly its keys are invalidated.
   * Resolves, when the invalidation has, to the time of it, in ms of `performance.now()`.
   */
  async changeLimit({ userId, positionId }: Holder): Promise<number> {
    const { database, workers } = this.#parts
    await database.transaction((transaction) =>
      changeLimits(transaction, { positionId, takeProfit: newLimit }),
    )
    const { reason, keys } = positionLimitsChanged
    await workers.invalidate(keys(workers, { userId, positionId }), { reason })
    return performance.now()
  }

  /** What the Bot would show now. */
  async shownByBot(
    { trader, userId }: Holder,
    consistency: Consistency,
  ): Promise<(number | null)[]> {
    if (consistency === 'bounded') return limitsOf(await this.#client.positions(trader))
    return limitsOf(await this.bot.positions.get(userId, { consistency }))
  }

  /** What the API answers to everyone else than a cache. */
  async shownByApi({ userId }: Holder): Promise<(number | null)[]> {
    const { body } = await requestJson(`${this.api.url}/positions/user/${userId}`)
    return limitsOf(positionsAnswer.parse(body).positions)
  }

  /** What the API's own cache holds, and from which tier it comes. */
  async heldByApi({ userId }: Holder, consistency: Consistency) {
    const url = `${this.api.url}/debug/positions/${userId}?consistency=${consistency}`
    const headers = { authorization: `Bearer ${adminToken}` }
    const { from, value } = debugAnswer.parse((await requestJson(url, { headers })).body)
    return { from, limits: limitsOf(value) }
  }

  /** What Redis holds: the Workers have no source, so they can have it from nowhere else. */
  async heldByRedis({ userId }: Holder): Promise<(number | null)[]> {
    return limitsOf(await this.#parts.workers.positions.get(userId, { consistency: 'strict' }))
  }

  close(): Promise<void> {
    return this.#parts.closing.close()
  }
}

function limitsOf(
  positions: readonly { readonly takeProfit: number | null }[] | undefined,
): (number | null)[] {
  return (positions ?? []).map((position) => position.takeProfit)
}
