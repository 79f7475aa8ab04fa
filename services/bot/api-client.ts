/**
 * Everything the bot knows and does goes through here: reads through its cache, writes to the API.
 * The API tells every process what a write changed; the bot only keeps the receipt.
 */
import type { DeepReadonly } from 'staleproof'
import { z } from 'zod'
import { valuedAll } from '../caches/position-cache.ts'
import { type Leader, leaderSchema } from '../domain/leader.ts'
import { type Market, type MarketOrder, marketPageSize, marketSchema } from '../domain/market.ts'
import type { GroupSummary } from '../domain/market-group.ts'
import { type Position, positionSchema } from '../domain/position.ts'
import type { Outcome, Price } from '../domain/price.ts'
import { type User, userSchema } from '../domain/user.ts'
import type { UserStats } from '../domain/user-stats.ts'
import type { PolycoolCache } from '../domain/writes.ts'
import { HttpFault } from '../process/http-client.ts'
import { ApiLink, type ApiLinkOptions } from './api-link.ts'
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

/** At which price a position is sold by itself; null removes a limit, absent leaves it. */
export interface Limits {
  readonly takeProfit?: number | null
  readonly stopLoss?: number | null
}

const searchAnswer = z.object({ markets: z.array(marketSchema), total: z.number() })
const groupAnswer = z.object({
  title: z.string(),
  markets: z.array(marketSchema.extend({ label: z.string() })),
})
const leadersAnswer = z.object({ leaders: z.array(leaderSchema) })
export type Found = z.infer<typeof searchAnswer>
export type OpenedGroup = z.infer<typeof groupAnswer>

const leadersShown = 10
const tradedSubjects: readonly Subject[] = ['positions', 'user']

export class ApiClient {
  readonly #cache: PolycoolCache
  readonly #receipts: Receipts
  readonly #link: ApiLink

  constructor(options: ApiLinkOptions) {
    this.#cache = options.cache
    this.#receipts = options.receipts
    this.#link = new ApiLink(options)
  }

  /** The user behind a trader; made at the first call. */
  async user({ telegramId, name }: Trader): Promise<DeepReadonly<User>> {
    const after = this.#receipts.after(telegramId, 'user')
    const known = await this.#cache.user.get(telegramId, { after })
    if (known !== undefined) return known
    const body = { telegram_id: telegramId, name }
    return userSchema.parse(
      await this.#link.write(telegramId, '/users', { body, subjects: ['user'] }),
    )
  }

  async positions(trader: Trader): Promise<readonly DeepReadonly<Position>[]> {
    const { id } = await this.user(trader)
    const after = this.#receipts.after(trader.telegramId, 'positions')
    const holdings = (await this.#cache.positions.get(id, { after })) ?? []
    return valuedAll(holdings, (marketIds) => this.#cache.price.getMany(marketIds))
  }

  async stats(trader: Trader): Promise<DeepReadonly<UserStats> | undefined> {
    await this.user(trader)
    const after = this.#receipts.after(trader.telegramId, 'user')
    return this.#cache.userStats.get(trader.telegramId, { after })
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

  /** Not through the bot's own cache: the API shares what it finds among like queries. */
  async search({ telegramId }: Trader, query: string, page: number): Promise<Found> {
    const place = { limit: `${marketPageSize}`, offset: `${page * marketPageSize}` }
    const path = `/markets/search?${new URLSearchParams({ q: query, ...place })}`
    return searchAnswer.parse(await this.#link.read(telegramId, path))
  }

  async groupPage(page: number): Promise<readonly DeepReadonly<GroupSummary>[]> {
    const place = { limit: marketPageSize, offset: page * marketPageSize }
    return (await this.#cache.marketGroups.get(place)) ?? []
  }

  /** `undefined` where there is none. */
  async group({ telegramId }: Trader, groupId: string): Promise<OpenedGroup | undefined> {
    const path = `/groups/${encodeURIComponent(groupId)}`
    try {
      return groupAnswer.parse(await this.#link.read(telegramId, path))
    } catch (error) {
      if (error instanceof HttpFault && error.status === 404) return undefined
      throw error
    }
  }

  async leaders({ telegramId }: Trader): Promise<readonly Leader[]> {
    const path = `/leaderboard?limit=${leadersShown}`
    return leadersAnswer.parse(await this.#link.read(telegramId, path)).leaders
  }

  /** Copies every trade of a wallet from now on, for so many US dollars each. */
  async copy(trader: Trader, address: string, amount: number): Promise<void> {
    const { id } = await this.user(trader)
    const body = { address, copy: { user_id: id, amount } }
    await this.#link.write(trader.telegramId, '/watched-addresses', { body, subjects: [] })
  }

  async endCopy(trader: Trader, address: string): Promise<void> {
    const { id } = await this.user(trader)
    const path = `/watched-addresses/${address}/copiers/${id}`
    await this.#link.write(trader.telegramId, path, { method: 'DELETE', subjects: [] })
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
    return this.#trade(trader, '/positions', { body, subjects: tradedSubjects })
  }

  /** Only the trader's own positions can be sold. */
  async sell(trader: Trader, positionId: number): Promise<Position> {
    const { id: user_id } = await this.user(trader)
    const order = { body: { user_id }, subjects: tradedSubjects }
    return this.#trade(trader, `/positions/${positionId}/close`, order)
  }

  async setLimits(trader: Trader, positionId: number, limits: Limits): Promise<Position> {
    const { id: user_id } = await this.user(trader)
    const { takeProfit: take_profit, stopLoss: stop_loss } = limits
    const body = { user_id, take_profit, stop_loss }
    const order = { method: 'PATCH', body, subjects: ['positions'] } as const
    return this.#trade(trader, `/positions/${positionId}`, order)
  }

  async #trade(
    { telegramId }: Trader,
    path: string,
    order: Parameters<ApiLink['write']>[2],
  ): Promise<Position> {
    return positionSchema.parse(await this.#link.write(telegramId, path, order))
  }
}
