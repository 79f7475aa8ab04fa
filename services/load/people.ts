/** Who trades and what there is to trade: made and read once, before the traffic begins. */

import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { type Market, marketBatchMax, marketSchema } from '../domain/market.ts'
import { positionSchema } from '../domain/position.ts'
import { priceSchema } from '../domain/price.ts'
import { type User, userSchema } from '../domain/user.ts'
import type { Chance, Weighted } from './chance.ts'
import { zipf } from './chance.ts'
import type { HttpPool } from './http-pool.ts'
import type { Mix } from './mix.ts'

/** Everybody and everything, the most popular first. */
export interface Crowd {
  readonly users: readonly User[]
  /** Ids of open positions at the start, by the id of their user. */
  readonly held: ReadonlyMap<number, readonly number[]>
  readonly marketIds: readonly string[]
  /** Markets in which somebody sells. */
  readonly tradable: readonly string[]
  readonly queries: readonly string[]
  readonly byUser: Weighted
  readonly byMarket: Weighted
  readonly byTradable: Weighted
}

interface GatherOptions {
  readonly api: HttpPool
  readonly mix: Mix
  readonly chance: Chance
  /** Tells runs on one database apart; part of every Telegram id and idempotency key. */
  readonly run: number
}

const telegramIdsPerRun = 10_000
const firstTelegramId = 7_000_000_000
const listed = z.object({ markets: z.array(marketSchema) })
const priced = z.object({ prices: z.array(priceSchema) })
const pageSize = 100
const pagesMax = 60
/** Requests of the preparation that are under way at once. */
const lanes = 4
const openingAmount = 1
const quotedMsMax = 30_000
/** The preparation fills no cache but where it says so. */
const fromDatabase = { 'cache-control': 'no-cache' }

export async function gatherCrowd(options: GatherOptions): Promise<Crowd> {
  const { api, mix } = options
  const { markets, tradable } = await quotedMarkets(api)
  const marketIds = markets.map(({ id }) => id)
  const byTradable = zipf(tradable.length, mix.zipfExponent)
  const users = await people(options)
  const held = await openingPositions(options, { users, tradable, byTradable })
  return {
    users: await inLanes(users, (user) => atHome(api, user)),
    held,
    marketIds,
    tradable,
    queries: markets.map(({ question }) => queryOf(question)),
    byUser: zipf(users.length, mix.zipfExponent),
    byMarket: zipf(marketIds.length, mix.zipfExponent),
    byTradable,
  }
}

interface Quoted {
  readonly markets: readonly Market[]
  readonly tradable: readonly string[]
}

/** A system that was started a moment ago is still being told of its markets and prices. */
async function quotedMarkets(api: HttpPool): Promise<Quoted> {
  const endMs = performance.now() + quotedMsMax
  let known = 0
  while (performance.now() < endMs) {
    const markets = await allMarkets(api)
    const marketIds = markets.map(({ id }) => id)
    const tradable = await withSellers(api, marketIds)
    if (tradable.length > 0 && tradable.length <= known) return { markets, tradable }
    known = tradable.length
    await pause(500)
  }
  throw new Error(`no market has a seller after ${quotedMsMax} ms: are prices coming in?`)
}

async function allMarkets(api: HttpPool): Promise<Market[]> {
  const found: Market[] = []
  for (let page = 0; page < pagesMax; page += 1) {
    const path = `/markets?order=volume&limit=${pageSize}&offset=${page * pageSize}`
    const { markets } = listed.parse(await api.json({ method: 'GET', path, headers: fromDatabase }))
    found.push(...markets)
    if (markets.length < pageSize) break
  }
  return found
}

async function withSellers(api: HttpPool, marketIds: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (let start = 0; start < marketIds.length; start += marketBatchMax) {
    const body = { market_ids: marketIds.slice(start, start + marketBatchMax) }
    const asked = { method: 'POST', path: '/prices/batch', body, headers: fromDatabase } as const
    const answer = await api.json(asked)
    const sold = priced.parse(answer).prices.filter(({ ask }) => ask > 0 && ask < 1)
    found.push(...sold.map(({ marketId }) => marketId))
  }
  return found
}

function people({ api, mix, run }: GatherOptions): Promise<User[]> {
  return inLanes([...Array(mix.users).keys()], async (index) => {
    const telegramId = firstTelegramId + run * telegramIdsPerRun + index
    const body = { telegram_id: telegramId, name: `Load ${index}` }
    return userSchema.parse(await api.json({ method: 'POST', path: '/users', body }))
  })
}

/**
 * Everybody has opened the bot before the traffic begins, so that what is counted are not first
 * reads. Resolves to the user with the balance that the first purchases have left.
 */
async function atHome(api: HttpPool, { id, telegramId }: User): Promise<User> {
  const path = `/users/${telegramId}`
  const user = await api.json({ method: 'GET', path, headers: fromDatabase })
  await api.json({ method: 'GET', path })
  await api.json({ method: 'GET', path: `/positions/user/${id}` })
  return userSchema.parse(user)
}

async function openingPositions(
  { api, mix, chance, run }: GatherOptions,
  crowd: Pick<Crowd, 'users' | 'tradable' | 'byTradable'>,
): Promise<Map<number, number[]>> {
  const orders = crowd.users.flatMap((user) =>
    Array.from({ length: mix.positionsPerUser }, (_, index) => ({
      user_id: user.id,
      market_id: crowd.tradable[crowd.byTradable.choose(chance)] ?? '',
      outcome: 'yes',
      amount: openingAmount,
      idempotency_key: `load-${run}-first-${index}`,
    })),
  )
  const held = new Map(crowd.users.map((user): [number, number[]] => [user.id, []]))
  await inLanes(orders, async (body) => {
    const answer = await api.send({ method: 'POST', path: '/positions', body })
    // A market whose last seller has left since is no fault; its user holds one position less.
    if (answer.status === 409) return
    if (answer.status !== 201) throw new Error(`a first purchase failed: ${answer.text}`)
    const { id, userId } = positionSchema.parse(JSON.parse(answer.text))
    held.get(userId)?.push(id)
  })
  return held
}

/** Two words that a trader would type. */
function queryOf(question: string): string {
  const words = question.toLowerCase().match(/[a-z]{4,}/g) ?? ['market']
  return words.slice(0, 2).join(' ')
}

/** A few at a time; resolves to the results in the order of the items. */
async function inLanes<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const left = items.entries()
  const lane = async () => {
    for (const [index, item] of left) results[index] = await act(item)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return results
}
