// What the workers trade on behalf of users, through the API: limits and copies.
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPostgres } from '../../test/servers/postgres.ts'
import { type ApiStage, openApiStage } from '../api/testing/api-stage.ts'
import { sampleMarket, sampleQuote } from '../api/testing/sample-data.ts'
import { transactor } from '../database/transact.ts'
import { storeTrades } from '../indexer/repositories/trade-writes.ts'
import { silentLogger } from '../process/logger.ts'
import { executeDueCopies } from './copy-executor.ts'
import { sellReachedLimits } from './limit-watch.ts'
import { openPositionUpdater } from './position-updater.ts'
import { TradingClient } from './trading-client.ts'

const log = silentLogger()
const leader = `0x${'ab'.repeat(20)}`

let stage: ApiStage
let trading: TradingClient

beforeAll(async () => {
  const markets = ['11', '12', '13', '14'].map((id) => sampleMarket(id))
  stage = await openApiStage(await startPostgres(), { markets })
  trading = new TradingClient(stage.api.url)
})
afterAll(() => stage.close())

async function moveTo(marketId: string, bid: number, seq: number): Promise<void> {
  const { database } = stage
  await stage.quote(sampleQuote(marketId, { bid, ask: bid + 0.02, seq }))
  const updater = openPositionUpdater({
    cache: stage.api.cache,
    transact: transactor(database),
    log,
    delayMs: 60_000,
    onRepriced: (ids) => sellReachedLimits({ database, trading, log }, ids),
  })
  updater.add([marketId])
  await updater.close()
}

/** Somebody who copies the leader, for so many US dollars a trade. */
async function newCopier(amount: number): Promise<number> {
  const { id } = await stage.newUser()
  const body = { address: leader, copy: { user_id: id, amount } }
  await stage.ask('/watched-addresses', { method: 'POST', body })
  return id
}

async function leaderBuys(marketId: string, seq: number, tradedAt = new Date()): Promise<void> {
  const bought = { outcome: 'yes', side: 'buy', size: 10, price: 0.5 } as const
  const trade = { ...bought, seq, transactionHash: '0x', address: leader, marketId }
  const trades = [{ ...trade, tradedAt: tradedAt.toISOString() }]
  await stage.database.transaction((transaction) =>
    storeTrades(transaction, { address: leader, trades, place: seq }),
  )
}

function execute(client = trading): Promise<void> {
  const { database } = stage
  return executeDueCopies({ database, trading: client, log }, new AbortController().signal)
}

async function copiesOf(userId: number): Promise<unknown[]> {
  const { rows } = await stage.database.execute(
    sql`select status, attempts from copy_trades where user_id = ${userId} order by trade_id`,
  )
  return rows
}

async function positionsOf(userId: number): Promise<{ id: number; marketId: string }[]> {
  const { body } = await stage.ask(`/positions/user/${userId}`)
  return (body as { positions: { id: number; marketId: string }[] }).positions
}

test('a position is sold when its take-profit is reached, and not before', async () => {
  const user = await stage.newUser()
  const order = { user_id: user.id, market_id: '11', outcome: 'yes', amount: 10 }
  const { body } = await stage.ask('/positions', { method: 'POST', body: order })
  const path = `/positions/${(body as { id: number }).id}`
  await stage.ask(path, { method: 'PATCH', body: { take_profit: 0.8, stop_loss: 0.2 } })
  await moveTo('11', 0.7, 2)
  expect((await stage.ask(path)).body).toMatchObject({ status: 'open', currentPrice: 0.7 })
  await moveTo('11', 0.85, 3)
  expect((await stage.ask(path)).body).toMatchObject({ status: 'closed', exitPrice: 0.85 })
})

test('an order is executed once, although its first attempt found nobody', async () => {
  const userId = await newCopier(20)
  await leaderBuys('12', 1)
  await execute(new TradingClient('http://127.0.0.1:9'))
  expect(await copiesOf(userId)).toEqual([{ status: 'pending', attempts: 1 }])
  await stage.database.execute(sql`update copy_trades set retry_at = now()`)
  await Promise.all([execute(), execute()])
  expect(await copiesOf(userId)).toEqual([{ status: 'done', attempts: 2 }])
  expect(await positionsOf(userId)).toMatchObject([{ marketId: '12', copiedFrom: leader }])
})

test('a refusal of the API is final', async () => {
  const userId = await newCopier(5_000)
  await leaderBuys('13', 2)
  await execute()
  expect(await copiesOf(userId)).toEqual([{ status: 'refused', attempts: 1 }])
  expect(await positionsOf(userId)).toEqual([])
})

test('a trade from before the copying began is not copied, nor is one twice', async () => {
  const userId = await newCopier(10)
  await leaderBuys('14', 3, new Date(Date.now() - 60_000))
  await leaderBuys('14', 4)
  await leaderBuys('14', 4)
  await execute()
  expect(await copiesOf(userId)).toEqual([{ status: 'done', attempts: 1 }])
  expect(await positionsOf(userId)).toHaveLength(1)
})
