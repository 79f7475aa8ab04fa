// The position cache under the traffic of the load test, in virtual time: 250 users, Zipf, 120
// reads of positions and 50 price updates a second, 5 trades, new marks every 15 seconds.
import { type TestCache, testCache } from 'staleproof/testing'
import { expect, test } from 'vitest'
import { sampleQuote } from '../api/testing/sample-data.ts'
import { catalog, type PolycoolFamilies } from '../domain/catalog.ts'
import { type Holding, valued } from '../domain/position.ts'
import { priceOf, type Quote } from '../domain/price.ts'
import {
  positionClosed,
  positionCreated,
  positionsRepriced,
  pricesWritten,
} from '../domain/writes.ts'
import { Chance, zipf } from '../load/chance.ts'
import { announce } from '../process/announce.ts'
import { silentLogger } from '../process/logger.ts'
import { valuedAll } from './position-cache.ts'

const log = silentLogger()

function holding(id: number, changes: Partial<Holding> = {}): Holding {
  return {
    id,
    userId: 1,
    marketId: `${id}`,
    outcome: 'yes',
    size: 10,
    entryPrice: 0.5,
    takeProfit: null,
    stopLoss: null,
    status: 'open',
    exitPrice: null,
    copiedFrom: null,
    createdAt: '2026-07-10T12:00:00.000Z',
    closedAt: null,
    ...changes,
  }
}

/** A database of holdings and quotes, and a cache in front of it. */
class World {
  readonly held = new Map<number, Holding[]>()
  readonly quotes = new Map<string, Quote>()
  /** By family: the ids of each call of its source. */
  readonly calls = { positions: [] as (readonly number[])[], price: [] as (readonly string[])[] }
  readonly cache: TestCache<PolycoolFamilies>

  private constructor(cache: TestCache<PolycoolFamilies>) {
    this.cache = cache
  }

  static async open(): Promise<World> {
    let world: World
    const cache = await testCache(catalog, {
      positions: { many: (ids) => world.holdingsOf(ids) },
      price: { many: (ids) => world.pricesOf(ids) },
    })
    world = new World(cache)
    return world
  }

  holdingsOf(userIds: readonly number[]): Holding[][] {
    this.calls.positions.push(userIds)
    return userIds.map((id) => [...(this.held.get(id) ?? [])])
  }

  pricesOf(marketIds: readonly string[]) {
    this.calls.price.push(marketIds)
    const quotes = marketIds.map((id) => this.quotes.get(id))
    return quotes.map((quote) => (quote === undefined ? undefined : priceOf(quote)))
  }

  async positions(userId: number) {
    const holdings = (await this.cache.positions.get(userId)) ?? []
    return valuedAll(holdings, (marketIds) => this.cache.price.getMany(marketIds))
  }

  async quote(marketId: string, bid: number): Promise<void> {
    const seq = (this.quotes.get(marketId)?.seq ?? 0) + 1
    const quote = sampleQuote(marketId, { bid, ask: bid + 0.02, seq })
    this.quotes.set(marketId, quote)
    await announce(this, { write: pricesWritten, change: [quote] })
  }

  readonly log = log
}

test('twenty positions cost one call for the list and one for all of their prices', async () => {
  const world = await World.open()
  const holdings = Array.from({ length: 20 }, (_, index) => holding(index))
  world.held.set(1, holdings)
  for (const { marketId } of holdings) world.quotes.set(marketId, sampleQuote(marketId))
  const positions = await world.positions(1)
  expect(positions.map(({ currentPrice }) => currentPrice)).toEqual(Array(20).fill(0.49))
  expect(world.calls.positions).toEqual([[1]])
  expect(world.calls.price).toEqual([holdings.map(({ marketId }) => marketId)])
  await world.cache.close()
})

test('users who ask at the same time are one call', async () => {
  const world = await World.open()
  await Promise.all([1, 2, 3].map((id) => world.positions(id)))
  expect(world.calls.positions).toEqual([[1, 2, 3]])
  expect(world.calls.price).toEqual([])
  await world.cache.close()
})

test('a tick changes what positions are worth at once, and loads nothing', async () => {
  const world = await World.open()
  world.held.set(1, [holding(5), holding(6, { outcome: 'no' })])
  world.quotes.set('5', sampleQuote('5'))
  world.quotes.set('6', sampleQuote('6'))
  await world.positions(1)
  await world.cache.settled()
  await world.quote('5', 0.7)
  await world.quote('6', 0.7)
  expect(await world.positions(1)).toMatchObject([{ currentPrice: 0.7 }, { currentPrice: 0.28 }])
  expect(world.calls.positions).toHaveLength(1)
  expect(world.calls.price).toHaveLength(1)
  await world.cache.close()
})

test('a position without a quote is worth what was paid, a closed one what it brought', () => {
  expect(valued(holding(1), undefined).currentPrice).toBe(0.5)
  const sold = holding(1, { status: 'closed', exitPrice: 0.8 })
  expect(valued(sold, sampleQuote('1')).currentPrice).toBe(0.8)
})

test("a trade reaches its trader's list at once and no other's", async () => {
  const world = await World.open()
  await Promise.all([1, 10].map((id) => world.positions(id)))
  await world.cache.settled()
  world.held.set(1, [holding(5)])
  const change = { userId: 1, positionId: 5, telegramId: 700, marketId: '5' }
  await announce(world, { write: positionCreated, change })
  expect(await world.positions(1)).toHaveLength(1)
  expect(await world.cache.positions.lookup(10)).toMatchObject({ from: 'memory' })
  await world.cache.close()
})

test('a list lives three minutes, half a minute for ten after its owner has traded', async () => {
  const world = await World.open()
  const change = { userId: 1, positionId: 5, telegramId: 700, marketId: '5' }
  await announce(world, { write: positionClosed, change })
  await Promise.all([1, 2].map((id) => world.positions(id)))
  await world.cache.settled()
  await world.cache.clock.advance(31_000)
  expect(await world.cache.positions.lookup(1)).toMatchObject({ from: 'source' })
  expect(await world.cache.positions.lookup(2)).toMatchObject({ from: 'memory' })
  await world.cache.close()
})

test('at 120 reads and 50 price updates a second, 85 % of lists come from no source', async () => {
  const world = await World.open()
  const traffic = new Traffic(world, new Chance(7))
  for (let second = 0; second < 60; second += 1) await traffic.second(second)
  const { reads } = world.cache.stats().families.positions ?? { reads: undefined }
  const hits = (reads?.memory ?? 0) + (reads?.redis ?? 0)
  expect(reads?.stale).toBe(0)
  expect(hits / (60 * 120)).toBeGreaterThan(0.85)
  const prices = world.cache.stats().families.price?.reads
  const pricesHit = (prices?.memory ?? 0) + (prices?.redis ?? 0)
  expect(pricesHit / (pricesHit + (prices?.source ?? 0))).toBeGreaterThan(0.97)
  expect(traffic.wrong).toBe(0)
  await world.cache.close()
})

const users = 250
const marketCount = 1_000

class Traffic {
  readonly #world: World
  readonly #chance: Chance
  readonly #byUser = zipf(users, 1)
  readonly #byMarket = zipf(marketCount, 1)
  #nextId = 1
  /** Lists that were not what had been committed. */
  wrong = 0

  constructor(world: World, chance: Chance) {
    this.#world = world
    this.#chance = chance
    for (let index = 0; index < marketCount; index += 1) {
      world.quotes.set(`${index}`, sampleQuote(`${index}`))
    }
    for (let userId = 0; userId < users; userId += 1) {
      world.held.set(
        userId,
        [1, 2, 3, 4].map(() => this.#holdingOf(userId)),
      )
    }
  }

  /** One second: trades, quotes, new marks at its beginning, then reads. */
  async second(second: number): Promise<void> {
    for (let index = 0; index < 5; index += 1) await this.#trade()
    for (let index = 0; index < 50; index += 1) await this.#tick()
    if (second % 15 === 0) await this.#remark()
    for (let index = 0; index < 120; index += 1) {
      const userId = this.#byUser.choose(this.#chance)
      const shown = await this.#world.positions(userId)
      const held = this.#world.held.get(userId) ?? []
      if (shown.map(({ id }) => id).join() !== held.map(({ id }) => id).join()) this.wrong += 1
    }
    await this.#world.cache.settled()
    await this.#world.cache.clock.advance(1_000)
  }

  async #trade(): Promise<void> {
    const userId = this.#byUser.choose(this.#chance)
    const bought = this.#holdingOf(userId)
    this.#world.held.set(userId, [bought, ...(this.#world.held.get(userId) ?? []).slice(0, 7)])
    const { id: positionId, marketId } = bought
    const change = { userId, positionId, telegramId: userId, marketId }
    await announce(this.#world, { write: positionCreated, change })
  }

  #tick(): Promise<void> {
    return this.#world.quote(`${this.#byMarket.choose(this.#chance)}`, this.#chance.unit() * 0.9)
  }

  /** Everybody's marks have changed. */
  #remark() {
    const change = [...this.#world.held].flatMap(([userId, held]) =>
      held.map(({ id }) => ({ userId, positionId: id, telegramId: userId })),
    )
    return announce(this.#world, { write: positionsRepriced, change })
  }

  #holdingOf(userId: number): Holding {
    const marketId = `${this.#byMarket.choose(this.#chance)}`
    return holding(this.#nextId++, { userId, marketId })
  }
}
