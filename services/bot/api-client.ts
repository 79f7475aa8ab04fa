/**
 * Everything the bot knows and does goes through here: reads through its cache, writes to the API.
 * The API tells every process what a write changed; the bot only keeps the receipt.
 */
import type { DeepReadonly } from 'staleproof'
import { type Market, type MarketOrder, marketPageSize } from '../domain/market.ts'
import { type Position, positionSchema } from '../domain/position.ts'
import type { Outcome, Price } from '../domain/price.ts'
import { type User, userSchema } from '../domain/user.ts'
import type { PolycoolCache } from '../domain/writes.ts'
import { requestJson } from '../process/http-client.ts'
import type { Receipts, Subject } from './receipts.ts'

export interface Trader {
  readonly telegramId: number
  readonly name: string
}

export interface Purchase {
  readonly marketId: string
  readonly outcome: Outcome
  /** US dollars. */
  readonly amount: number
  /** The same order twice is bought once. */
  readonly idempotencyKey: string
}

export interface ApiClientOptions {
  readonly apiUrl: string
  readonly cache: PolycoolCache
  readonly receipts: Receipts
}

const afterHeader = 'x-staleproof-after'
const tradedSubjects: readonly Subject[] = ['positions', 'user']

export class ApiClient {
  readonly #apiUrl: string
  readonly #cache: PolycoolCache
  readonly #receipts: Receipts

  constructor({ apiUrl, cache, receipts }: ApiClientOptions) {
    this.#apiUrl = apiUrl
    this.#cache = cache
    this.#receipts = receipts
  }

  /** The user behind a trader; made at the first call. */
  async user({ telegramId, name }: Trader): Promise<DeepReadonly<User>> {
    const after = this.#receipts.after(telegramId, 'user')
    const known = await this.#cache.user.get(telegramId, { after })
    if (known !== undefined) return known
    const body = { telegram_id: telegramId, name }
    return userSchema.parse(await this.#write('/users', { body, telegramId, subjects: ['user'] }))
  }

  async positions(trader: Trader): Promise<readonly DeepReadonly<Position>[]> {
    const { id } = await this.user(trader)
    const after = this.#receipts.after(trader.telegramId, 'positions')
    return (await this.#cache.positions.get(id, { after })) ?? []
  }

  async marketPage(order: MarketOrder, page: number): Promise<readonly DeepReadonly<Market>[]> {
    const place = { order, limit: marketPageSize, offset: page * marketPageSize }
    return (await this.#cache.marketList.get(place)) ?? []
  }

  market(marketId: string): Promise<DeepReadonly<Market> | undefined> {
    return this.#cache.market.get(marketId)
  }

  price(marketId: string): Promise<DeepReadonly<Price> | undefined> {
    return this.#cache.price.get(marketId)
  }

  /** Many markets for many positions: one request for all that is not held. */
  async markets(marketIds: readonly string[]): Promise<Map<string, DeepReadonly<Market>>> {
    const markets = await this.#cache.market.getMany([...new Set(marketIds)])
    const found = markets.filter((market) => market !== undefined)
    return new Map(found.map((market) => [market.id, market]))
  }

  async prices(marketIds: readonly string[]): Promise<Map<string, DeepReadonly<Price>>> {
    const prices = await this.#cache.price.getMany([...new Set(marketIds)])
    const found = prices.filter((price) => price !== undefined)
    return new Map(found.map((price) => [price.marketId, price]))
  }

  async buy(trader: Trader, purchase: Purchase): Promise<Position> {
    const { id } = await this.user(trader)
    const body = {
      user_id: id,
      market_id: purchase.marketId,
      outcome: purchase.outcome,
      amount: purchase.amount,
      idempotency_key: purchase.idempotencyKey,
    }
    const { telegramId } = trader
    const order = { body, telegramId, subjects: tradedSubjects }
    return positionSchema.parse(await this.#write('/positions', order))
  }

  /** Only the trader's own positions can be sold. */
  async sell(trader: Trader, positionId: number): Promise<Position> {
    const { id } = await this.user(trader)
    const { telegramId } = trader
    const order = { body: { user_id: id }, telegramId, subjects: tradedSubjects }
    return positionSchema.parse(await this.#write(`/positions/${positionId}/close`, order))
  }

  async #write(path: string, order: WriteOrder): Promise<unknown> {
    const { body, telegramId, subjects } = order
    const answer = await requestJson(`${this.#apiUrl}${path}`, { method: 'POST', body })
    const token = answer.headers.get(afterHeader) ?? undefined
    this.#receipts.remember(telegramId, token, subjects)
    return answer.body
  }
}

interface WriteOrder {
  readonly body: object
  readonly telegramId: number
  /** What the write changes, and its receipt therefore proves. */
  readonly subjects: readonly Subject[]
}
