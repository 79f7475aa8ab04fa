// What the workers trade on behalf of users, through the API: copies of leaders' trades.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../test/servers/eventually.ts'
import { startPostgres } from '../../test/servers/postgres.ts'
import { type ApiStage, openApiStage } from '../api/testing/api-stage.ts'
import { sampleMarket } from '../api/testing/sample-data.ts'
import { storeTrades } from '../indexer/repositories/trade-writes.ts'
import { silentLogger } from '../process/logger.ts'
import { executeDueCopies } from './copy-executor.ts'
import {
  type CopyOrder,
  claimCopyOrders,
  copiedPositionIds,
  endCopyOrder,
  keepClaim,
  retryCopyOrder,
} from './repositories/copy-orders.ts'
import { TradingClient } from './trading-client.ts'

const log = silentLogger()
const leader = `0x${'ab'.repeat(20)}`

let stage: ApiStage
let trading: TradingClient

beforeAll(async () => {
  const markets = ['12', '13', '14', '15', '16', '17', '18', '19'].map((id) => sampleMarket(id))
  stage = await openApiStage(await startPostgres(), { markets })
  trading = new TradingClient(stage.api.url)
})
afterAll(() => stage.close())

/** Somebody who copies the leader, for so many US dollars a trade. */
async function newCopier(amount: number): Promise<number> {
  const { id } = await stage.newUser()
  const body = { address: leader, copy: { user_id: id, amount } }
  await stage.ask('/watched-addresses', { method: 'POST', body })
  return id
}

function leaderBuys(marketId: string, seq: number, tradedAt = new Date()): Promise<void> {
  return leaderTrades(marketId, seq, { side: 'buy', tradedAt })
}

async function leaderTrades(
  marketId: string,
  seq: number,
  { side, tradedAt = new Date() }: { readonly side: 'buy' | 'sell'; readonly tradedAt?: Date },
): Promise<void> {
  const traded = { outcome: 'yes', side, size: 10, price: 0.5 } as const
  const trade = { ...traded, seq, transactionHash: '0x', address: leader, marketId }
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

test('an order whose answer always breaks off in the middle ends as failed', async () => {
  const userId = await newCopier(20)
  await leaderBuys('15', 5)
  const server = createServer((_, response) => {
    response.writeHead(201).write('{', () => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const client = new TradingClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  for (let attempt = 0; attempt < 8; attempt += 1) {
    await execute(client)
    await stage.database.execute(sql`update copy_trades set retry_at = now()`)
  }
  expect(await copiesOf(userId)).toEqual([{ status: 'failed', attempts: 8 }])
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

function deferred(): [() => void, Promise<void>] {
  let settle: () => void = () => {}
  const promise = new Promise<void>((resolve) => {
    settle = resolve
  })
  return [settle, promise]
}

/** Has a client that waits before each call, and lets it go on when `release` is called. */
function heldTrading() {
  const [arrive, arrived] = deferred()
  const [release, released] = deferred()
  const counted = { calls: 0 }
  const held = async <R>(call: () => Promise<R>): Promise<R> => {
    counted.calls += 1
    arrive()
    await released
    return call()
  }
  const client = Object.assign(Object.create(trading), {
    buy: (order: CopyOrder) => held(() => trading.buy(order)),
    sell: (positionId: number) => held(() => trading.sell(positionId)),
  })
  return { client, arrived, release, counted }
}

function claimsEnd(): Promise<unknown> {
  return stage.database.execute(
    sql`update copy_trades set retry_at = now() where status = 'pending'`,
  )
}

test('a listener whose claim has passed to another does nothing more', async () => {
  const [busy, userId] = [await newCopier(10), await newCopier(10)]
  await leaderBuys('16', 10)
  await execute()
  await leaderTrades('16', 11, { side: 'sell' })
  const { client, arrived, release, counted } = heldTrading()
  const late = execute(client)
  await arrived
  await claimsEnd()
  await execute()
  await leaderBuys('16', 12)
  await execute()
  const before = [await positionsOf(busy), await positionsOf(userId)]
  release()
  await late
  expect(counted.calls).toBe(1)
  expect([await positionsOf(busy), await positionsOf(userId)]).toEqual(before)
  expect(before).toMatchObject([[{ marketId: '16' }], [{ marketId: '16' }]])
  expect(await copiesOf(userId)).toEqual([
    { status: 'done', attempts: 1 },
    { status: 'done', attempts: 2 },
    { status: 'done', attempts: 1 },
  ])
})

/** The order of this user that is due, as a listener takes it. */
async function claimOf(userId: number): Promise<CopyOrder> {
  const orders = await claimCopyOrders(stage.database)
  return orders.find((order) => order.userId === userId) ?? expect.fail('nothing is due')
}

test('what a lost claim has to say of its order is not written', async () => {
  const userId = await newCopier(10)
  await leaderBuys('16', 15)
  const lost = await claimOf(userId)
  await claimsEnd()
  await execute()
  const { database } = stage
  await endCopyOrder(database, lost, { status: 'failed', note: 'late' })
  await retryCopyOrder(database, lost, { afterMs: 0, note: 'late' })
  expect(await keepClaim(database, lost)).toBe(false)
  expect(await copiesOf(userId)).toEqual([{ status: 'done', attempts: 2 }])
})

test('a sale leaves what was copied from later trades, and what was never copied', async () => {
  const userId = await newCopier(10)
  await leaderBuys('17', 20)
  await execute()
  const [older] = await positionsOf(userId)
  await leaderTrades('17', 21, { side: 'sell' })
  const sale = await claimOf(userId)
  await leaderBuys('17', 22)
  await trading.buy({ ...sale, side: 'buy', idempotencyKey: `copy:22:${userId}` })
  const own = { user_id: userId, market_id: '17', outcome: 'yes', amount: 10 }
  await stage.ask('/positions', { method: 'POST', body: { ...own, copied_from: leader } })
  expect(await positionsOf(userId)).toHaveLength(3)
  expect(await copiedPositionIds(stage.database, sale)).toEqual([older?.id])
})

test.each([
  ['one user ends it', (userId: number) => `/watched-addresses/${leader}/copiers/${userId}`],
  ['the wallet is forgotten', () => `/watched-addresses/${leader}`],
])('what waits is not copied once %s', async (_, path) => {
  const userId = await newCopier(10)
  await leaderBuys('18', userId + 1_000)
  const order = await claimOf(userId)
  await stage.ask(path(userId), { method: 'DELETE' })
  await claimsEnd()
  await execute()
  expect(await copiesOf(userId)).toEqual([{ status: 'refused', attempts: 1 }])
  await expect(trading.buy(order)).rejects.toMatchObject({
    code: 'copying_ended',
  })
  expect(await positionsOf(userId)).toEqual([])
})

test('whoever ends a copying waits for the indexer, and ends what it queued', async () => {
  const userId = await newCopier(10)
  const [store, stored] = deferred()
  const [commit, commits] = deferred()
  const indexing = stage.database.transaction(async (transaction) => {
    const bought = { outcome: 'yes', side: 'buy', size: 10, price: 0.5, marketId: '19' } as const
    const trade = { ...bought, seq: 30, transactionHash: '0x', address: leader }
    const trades = [{ ...trade, tradedAt: new Date().toISOString() }]
    await storeTrades(transaction, { address: leader, trades, place: 30 })
    store()
    await commits
  })
  await stored
  const path = `/watched-addresses/${leader}/copiers/${userId}`
  const ended = stage.ask(path, { method: 'DELETE' })
  await eventually('it to wait', async () => {
    const { rows } = await stage.database.execute(sql`select 1 from pg_locks where not granted`)
    return rows.length > 0
  })
  commit()
  await Promise.all([indexing, ended])
  expect(await copiesOf(userId)).toEqual([{ status: 'refused', attempts: 0 }])
})
