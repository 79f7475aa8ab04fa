import { eq } from 'drizzle-orm'
import fc from 'fast-check'
import { expectCoherent } from 'staleproof/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../test/servers/eventually.ts'
import { startPostgres } from '../../test/servers/postgres.ts'
import { positions } from '../database/schema.ts'
import { round } from '../domain/price.ts'
import type { User } from '../domain/user.ts'
import { type UserStats, userStatsSchema } from '../domain/user-stats.ts'
import { positionsRepriced } from '../domain/writes.ts'
import { announce } from '../process/announce.ts'
import { silentLogger } from '../process/logger.ts'
import { writeQuotes } from '../workers/repositories/price-writes.ts'
import { batchUpdatePositionsPrices } from './repositories/position-prices.ts'
import { latestTraders, userStatsByTelegramId, writeUserStats } from './repositories/user-stats.ts'
import { lockUser } from './repositories/users.ts'
import { type ApiStage, openApiStage } from './testing/api-stage.ts'
import { sampleMarket, sampleQuote } from './testing/sample-data.ts'

const marketIds = ['11', '12', '13']
let stage: ApiStage
let seq = 10

beforeAll(async () => {
  const markets = marketIds.map((id) => sampleMarket(id))
  stage = await openApiStage(await startPostgres(), { markets })
})
afterAll(() => stage.close())

async function statsOf({ telegramId }: User): Promise<UserStats> {
  return userStatsSchema.parse((await stage.ask(`/users/${telegramId}/stats`)).body)
}

async function buy(user: User, marketId = '11', amount = 5): Promise<number> {
  const body = { user_id: user.id, market_id: marketId, outcome: 'yes', amount }
  const { body: position } = await stage.ask('/positions', { method: 'POST', body })
  return (position as { id: number }).id
}

const sell = (positionId: number) => stage.ask(`/positions/${positionId}/close`, { method: 'POST' })

async function quote(marketId: string, cents: number): Promise<void> {
  seq += 1
  const prices = { bid: cents / 100, ask: (cents + 2) / 100, seq }
  await stage.database.transaction((transaction) =>
    writeQuotes(transaction, [sampleQuote(marketId, prices)]),
  )
}

/** As the workers do it. */
async function reprice(ids = marketIds): Promise<void> {
  const change = await stage.database.transaction((transaction) =>
    batchUpdatePositionsPrices(transaction, ids),
  )
  const context = { cache: stage.api.cache, log: silentLogger() }
  await announce(context, { write: positionsRepriced, change })
}

const sync = (user: User) =>
  stage.ask('/positions/sync', { method: 'POST', body: { user_id: user.id } })

/** How many transactions wait for a row that another one holds. */
async function waiting(): Promise<number | null> {
  const { rowCount } = await stage.database.$client.query(
    "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  )
  return rowCount
}

/** From the positions alone, by another way than the table's. */
async function recomputed(user: User): Promise<UserStats> {
  const rows = await stage.database.select().from(positions).where(eq(positions.userId, user.id))
  const closed = rows.filter((row) => row.status === 'closed')
  const open = rows.filter((row) => row.status === 'open')
  const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0)
  const realised = closed.map((row) => ((row.exitPrice ?? 0) - row.entryPrice) * row.size)
  const times = rows.flatMap((row) => [row.createdAt, row.closedAt ?? row.createdAt])
  const lastMs = Math.max(...times.map((time) => time.getTime()))
  return {
    userId: user.id,
    telegramId: user.telegramId,
    openPositions: open.length,
    closedPositions: closed.length,
    realisedProfit: sum(realised),
    unrealisedProfit: sum(open.map((row) => (row.currentPrice - row.entryPrice) * row.size)),
    volume: sum(rows.map((row) => (row.entryPrice + (row.exitPrice ?? 0)) * row.size)),
    winRate:
      closed.length === 0
        ? null
        : round(realised.filter((profit) => profit > 0).length / closed.length),
    lastTradeAt: rows.length === 0 ? null : new Date(lastMs).toISOString(),
  }
}

async function expectRight(user: User): Promise<void> {
  const { realisedProfit, unrealisedProfit, volume, ...exact } = await recomputed(user)
  const stats = await statsOf(user)
  expect(stats).toMatchObject(exact)
  expect(stats.realisedProfit).toBeCloseTo(realisedProfit, 5)
  expect(stats.unrealisedProfit).toBeCloseTo(unrealisedProfit, 5)
  expect(stats.volume).toBeCloseTo(volume, 5)
}

describe('statistics of a user', () => {
  test('of a new user are nothing, and of nobody 404, remembered', async () => {
    const user = await stage.newUser()
    expect(await statsOf(user)).toMatchObject({ openPositions: 0, winRate: null, volume: 0 })
    const loads = () => stage.api.cache.stats().families.userStats?.loads ?? 0
    const unknown = { status: 404, code: 'user_not_found' }
    await expect(stage.ask('/users/123456789/stats')).rejects.toMatchObject(unknown)
    const before = loads()
    await expect(stage.ask('/users/123456789/stats')).rejects.toMatchObject(unknown)
    expect(loads()).toBe(before)
  })

  test('that were asked for before the user came are there when he has', async () => {
    const telegramId = 987_654_321
    await expect(stage.ask(`/users/${telegramId}/stats`)).rejects.toMatchObject({ status: 404 })
    await stage.ask('/users', { method: 'POST', body: { telegram_id: telegramId, name: 'Late' } })
    const { body } = await stage.ask(`/users/${telegramId}/stats`)
    expect(body).toMatchObject({ telegramId, openPositions: 0 })
  })

  test('equal what any history of trades and prices comes to', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('buy'), marketId: fc.constantFrom(...marketIds) }),
      fc.record({ kind: fc.constant('sell') }),
      fc.record({
        kind: fc.constant('quote'),
        marketId: fc.constantFrom(...marketIds),
        cents: fc.integer({ min: 5, max: 90 }),
      }),
      fc.record({ kind: fc.constantFrom('reprice', 'sync') }),
    )
    const history = fc.array(step, { minLength: 5, maxLength: 15 })
    const run = fc.asyncProperty(history, async (steps) => {
      const user = await stage.newUser()
      const held: number[] = []
      for (const each of steps) {
        if (each.kind === 'buy') held.push(await buy(user, 'marketId' in each ? each.marketId : ''))
        if (each.kind === 'sell' && held.length > 0) await sell(held.pop() ?? 0)
        if ('cents' in each) await quote(each.marketId, each.cents)
        if (each.kind === 'reprice') await reprice()
        if (each.kind === 'sync') await sync(user)
        await expectRight(user)
      }
    })
    await fc.assert(run, { numRuns: 8 })
  })

  test('miss nothing of trades and prices at the same time', async () => {
    const user = await stage.newUser()
    const held = await Promise.all([1, 2, 3].map(() => buy(user)))
    await quote('11', 60)
    const trades = [
      buy(user),
      buy(user, '12'),
      ...held.slice(0, 2).map(sell),
      reprice(),
      sync(user),
    ]
    await Promise.all(trades)
    await expectRight(user)
  })

  test('are computed by one write at a time, whoever came second waits before that', async () => {
    const user = await stage.newUser()
    await buy(user, '11')
    await buy(user, '12')
    await quote('12', 70)
    const second: Promise<void>[] = []
    await stage.database.transaction(async (transaction) => {
      await lockUser(transaction, user.id)
      second.push(reprice())
      await eventually('the second waits', async () => (await waiting()) === 1)
      await writeUserStats(transaction, [user.id])
    })
    await Promise.all(second)
    await expectRight(user)
  })

  test('change with every write that changes them, and with no other', async () => {
    const user = await stage.newUser()
    const other = await stage.newUser()
    const { cache } = stage.api
    const positionId = await buy(user, '13')
    const coherent = (write: () => unknown) =>
      expectCoherent({
        cache,
        write,
        reads: [user, other].map(
          ({ telegramId }) =>
            () =>
              cache.userStats.get(telegramId),
        ),
      })
    const own = [cache.userStats.key(user.telegramId).text]
    await quote('13', 30)
    expect(await coherent(() => sync(user))).toEqual({ changed: own, needless: [] })
    expect(await coherent(() => buy(user, '13'))).toEqual({ changed: own, needless: [] })
    const limits = { method: 'PATCH', body: { take_profit: 0.9 } } as const
    expect(await coherent(() => stage.ask(`/positions/${positionId}`, limits))).toEqual({
      changed: [],
      needless: [],
    })
    await quote('13', 40)
    expect((await coherent(() => reprice())).changed).toEqual(own)
    expect(await coherent(() => sell(positionId))).toEqual({ changed: own, needless: [] })
  })

  test('are computed for whoever has no row, and the next trade writes it', async () => {
    const user = await stage.newUser()
    await buy(user)
    await stage.database.$client.query('delete from user_stats where user_id = $1', [user.id])
    await stage.api.cache.userStats.invalidate(user.telegramId)
    await expectRight(user)
    await buy(user)
    await expectRight(user)
    const stored = await userStatsByTelegramId(stage.database, user.telegramId)
    expect(stored).toMatchObject({ openPositions: 2 })
  })

  test('of those who traded last are read first, and in one query', async () => {
    const users = [await stage.newUser(), await stage.newUser(), await stage.newUser()]
    for (const user of users) await buy(user)
    const expected = users.map((user) => user.telegramId).reverse()
    const latest = await latestTraders(stage.database, 3)
    expect(latest).toEqual(expected)
    const { cache } = stage.api
    await cache.userStats.clear()
    const batches: (readonly string[])[] = []
    const end = cache.observe({
      notify: (event) => {
        if (event.kind === 'load') batches.push(event.keys)
      },
    })
    expect(await cache.userStats.getMany(latest)).toMatchObject(
      expected.map((telegramId) => ({ telegramId, openPositions: 1 })),
    )
    await cache.settled()
    end()
    expect(batches).toHaveLength(1)
  })
})
