// Copies of a leader's trades, whatever happens on the way: the listener is a process that is
// killed between claim and execution, and between execution and its mark; the indexer reads the
// same trades again. Each trade is copied once. At the end, with all services, everyone sees it.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'drizzle-orm'
import { openCache } from 'staleproof'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type ApiStage, openApiStage } from '../../services/api/testing/api-stage.ts'
import { sampleMarket } from '../../services/api/testing/sample-data.ts'
import { apiSources } from '../../services/bot/api-sources.ts'
import { catalog } from '../../services/domain/catalog.ts'
import { storeTrades } from '../../services/indexer/repositories/trade-writes.ts'
import { openIndexer } from '../../services/indexer/server.ts'
import { asService } from '../../services/process/admin-token.ts'
import { Closing } from '../../services/process/closing.ts'
import { requestJson } from '../../services/process/http-client.ts'
import { openUpstream } from '../../services/upstream/server.ts'
import { openWorkers } from '../../services/workers/server.ts'
import { eventually } from '../servers/eventually.ts'
import { startPostgres } from '../servers/postgres.ts'
import { spawnWorker, type TestWorker } from '../servers/processes.ts'
import { describeWithRedis, startRedis } from '../servers/redis.ts'
import { ApiDoor } from './api-door.ts'
import type { CopyCalls } from './copy-worker.ts'

const leader = `0x${'ab'.repeat(20)}`
const startingBalance = 1_000
const amount = 10
const workerFile = new URL('./copy-worker.ts', import.meta.url)

describe('a listener that is killed', () => {
  let stage: ApiStage
  let door: ApiDoor
  let userId: number
  let seq = 0
  const workers: TestWorker<CopyCalls>[] = []

  beforeAll(async () => {
    stage = await openApiStage(await startPostgres(), { markets: [sampleMarket('11')] })
    door = await ApiDoor.open(stage.api.url)
  })
  afterAll(async () => {
    await door?.close()
    await stage?.close()
  })
  beforeEach(async () => {
    const { id } = await stage.newUser()
    userId = id
    const body = { address: leader, copy: { user_id: userId, amount } }
    await stage.ask('/watched-addresses', { method: 'POST', body })
  })
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.kill()))
    await stage.database.execute(sql`delete from copiers`)
  })

  test('between claim and execution loses no order', async () => {
    await leaderTrades('buy')
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const first = await listener(`http://127.0.0.1:${port}`)
    const asked = once(silent, 'request')
    first.call('execute').catch(() => undefined)
    await asked
    await first.kill()
    expect(await ordersOf()).toEqual([{ status: 'pending', attempts: 1 }])
    await afterItsClaim()
    expect(await ordersOf()).toEqual([{ status: 'done', attempts: 2 }])
    expect(await holdings()).toEqual({ open: 1, closed: 0, balance: startingBalance - amount })
    silent.closeAllConnections()
    silent.close()
  })

  test('between execution and its mark buys once', async () => {
    await leaderTrades('buy')
    await killedAfterExecution()
    expect(await ordersOf()).toEqual([{ status: 'pending', attempts: 1 }])
    const bought = { open: 1, closed: 0, balance: startingBalance - amount }
    expect(await holdings()).toEqual(bought)
    await afterItsClaim()
    expect(await ordersOf()).toEqual([{ status: 'done', attempts: 2 }])
    expect(await holdings()).toEqual(bought)
  })

  test('between the sale and its mark sells once', async () => {
    await leaderTrades('buy')
    await (await listener(door.url)).call('execute')
    await leaderTrades('sell')
    await killedAfterExecution()
    const sold = await holdings()
    expect(sold).toMatchObject({ open: 0, closed: 1 })
    await afterItsClaim()
    expect(await ordersOf()).toEqual([
      { status: 'done', attempts: 1 },
      { status: 'done', attempts: 2 },
    ])
    expect(await holdings()).toEqual(sold)
  })

  test('is not needed twice for a trade that the indexer stores twice', async () => {
    await leaderTrades('buy')
    seq -= 1
    await leaderTrades('buy')
    await stage.database.execute(sql`delete from indexer_places`)
    seq -= 1
    await leaderTrades('buy')
    await Promise.all([
      (await listener(door.url)).call('execute'),
      (await listener(door.url)).call('execute'),
    ])
    expect(await ordersOf()).toEqual([{ status: 'done', attempts: 1 }])
    expect(await holdings()).toMatchObject({ open: 1 })
  })

  async function listener(apiUrl: string): Promise<TestWorker<CopyCalls>> {
    const init = { databaseUrl: stage.databaseUrl, apiUrl }
    const worker = await spawnWorker<CopyCalls>(workerFile, init)
    workers.push(worker)
    return worker
  }

  /** The API has executed the order, and the listener dies before it hears of it. */
  async function killedAfterExecution(): Promise<void> {
    const worker = await listener(door.url)
    const answer = door.holdNextAnswer()
    worker.call('execute').catch(() => undefined)
    await answer.given
    await worker.kill()
    answer.letThrough()
  }

  /** What the next listener does when the time of the claim has passed. */
  async function afterItsClaim(): Promise<void> {
    await stage.database.execute(sql`update copy_trades set retry_at = now()`)
    await (await listener(door.url)).call('execute')
  }

  async function leaderTrades(side: 'buy' | 'sell'): Promise<void> {
    seq += 1
    const what = { marketId: '11', outcome: 'yes', side, size: 10, price: 0.5 } as const
    const when = { seq, transactionHash: `0x${seq}`, tradedAt: new Date().toISOString() }
    const trades = [{ ...what, ...when, address: leader }]
    await stage.database.transaction((transaction) =>
      storeTrades(transaction, { address: leader, trades, place: seq }),
    )
  }

  async function ordersOf(): Promise<object[]> {
    const { rows } = await stage.database.execute(sql`
      select status, attempts from copy_trades where user_id = ${userId} order by trade_id`)
    return rows
  }

  async function holdings(): Promise<{ open: number; closed: number; balance: number }> {
    const { rows } = await stage.database.execute(sql`
      select count(*) filter (where status = 'open')::integer as open,
        count(*) filter (where status = 'closed')::integer as closed,
        (select balance::float8 from users where id = ${userId}) as balance
      from positions where user_id = ${userId}`)
    return z.object({ open: z.number(), closed: z.number(), balance: z.number() }).parse(rows[0])
  }
})

describeWithRedis('a trade of a leader', () => {
  const closing = new Closing()
  const adminToken = 'token-of-the-test'
  const headers = asService(adminToken)

  afterAll(() => closing.close())

  test('is copied once and seen by everyone, and read again it changes nothing', async () => {
    const redis = await startRedis()
    closing.add(() => redis.stop())
    const upstream = await openUpstream({ port: 0, adminToken, isPaused: true })
    closing.add(() => upstream.close())
    const stage = await openApiStage(await startPostgres(), { redisUrl: redis.url, adminToken })
    closing.add(() => stage.close())
    const shared = { databaseUrl: stage.databaseUrl, redisUrl: redis.url, adminToken }
    const others = { ...shared, apiUrl: stage.api.url, upstreamUrl: upstream.url, pollMs: 50 }
    const workers = await openWorkers({
      ...others,
      upstreamWsUrl: upstream.wsUrl,
      priceBatchMs: 20,
    })
    closing.add(() => workers.close())
    const bot = await openCache(catalog, {
      service: 'bot',
      redis: redis.url,
      sources: apiSources(stage.api.url, adminToken),
    })
    closing.add(() => bot.close())
    const marketId = await quotedMarket(stage)
    const wallet = await leaderOf(upstream.url)
    const copier = await stage.newUser()
    const body = { address: wallet, label: 'Leader', copy: { user_id: copier.id, amount } }
    await stage.ask('/watched-addresses', { method: 'POST', body })
    expect(await bot.positions.get(copier.id)).toEqual([])

    const indexer = await openIndexer(others)
    const order = { wallet, marketId, side: 'BUY', size: 10 }
    await requestJson(`${upstream.url}/control/trade`, { method: 'POST', body: order, headers })
    await eventually('the bot shows the copy', async () => {
      return (await bot.positions.get(copier.id))?.length === 1
    })
    const [shown] = (await bot.positions.get(copier.id)) ?? []
    expect(shown).toMatchObject({ marketId, copiedFrom: wallet })
    const listed = await stage.ask(`/positions/user/${copier.id}`)
    expect(listed.body).toMatchObject({ positions: [{ id: shown?.id }] })
    expect((await bot.user.get(copier.telegramId))?.balance).toBe(startingBalance - amount)
    expect((await stage.ask('/smart-trades')).body).toMatchObject({
      trades: expect.arrayContaining([expect.objectContaining({ address: wallet, marketId })]),
    })

    await indexer.close()
    const before = await tradesAndCopies(stage)
    await stage.database.execute(sql`delete from indexer_places`)
    const again = await openIndexer(others)
    closing.add(() => again.close())
    await eventually('all is read again', async () => (await placesRead(stage)) > 0)
    await requestJson(`${upstream.url}/control/trade`, { method: 'POST', body: order, headers })
    await eventually('the next trade is copied', async () => {
      return (await bot.positions.get(copier.id))?.length === 2
    })
    expect(await tradesAndCopies(stage)).toEqual({
      trades: before.trades + 1,
      copies: before.copies + 1,
      positions: 2,
    })
  })
})

async function quotedMarket({ database }: ApiStage): Promise<string> {
  let marketId = ''
  await eventually('a market has a price', async () => {
    const { rows } = await database.execute<{ market_id: string }>(
      sql`select market_id from prices where ask between 0.2 and 0.8 order by market_id limit 1`,
    )
    marketId = rows[0]?.market_id ?? ''
    return marketId !== ''
  })
  return marketId
}

async function leaderOf(upstreamUrl: string): Promise<string> {
  const { body } = await requestJson(`${upstreamUrl}/leaders`)
  const [leader] = z.array(z.object({ proxyWallet: z.string() })).parse(body)
  return leader?.proxyWallet.toLowerCase() ?? ''
}

async function placesRead({ database }: ApiStage): Promise<number> {
  const { rows } = await database.execute(sql`select from indexer_places`)
  return rows.length
}

async function tradesAndCopies({ database }: ApiStage) {
  const { rows } = await database.execute(sql`
    select (select count(*)::integer from trades) as trades,
      (select count(*)::integer from copy_trades) as copies,
      (select count(*)::integer from positions) as positions`)
  return z.object({ trades: z.number(), copies: z.number(), positions: z.number() }).parse(rows[0])
}
