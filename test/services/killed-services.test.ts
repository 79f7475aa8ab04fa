// Each service in turn is killed with SIGKILL while users trade and a leader is copied. The others
// go on, the killed one comes back, and in the end PostgreSQL holds exactly what was accepted.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type Database, openDatabase } from '../../services/database/connection.ts'
import { freePortBase } from '../../services/launcher/ports.ts'
import type { ServiceName } from '../../services/launcher/service-plan.ts'
import { openStage, type Stage } from '../../services/launcher/stage.ts'
import { asService } from '../../services/process/admin-token.ts'
import { Closing } from '../../services/process/closing.ts'
import { requestJson } from '../../services/process/http-client.ts'
import { silentLogger } from '../../services/process/logger.ts'
import { eventually } from '../servers/eventually.ts'
import { postgresServerUrl } from '../servers/postgres.ts'
import { typescriptArguments } from '../servers/processes.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { OrderStream } from './order-stream.ts'

const backDeadlineMs = 30_000
const userCount = 4
const copyAmount = 2
const startingBalance = 1_000

describeWithRedis('a system whose services are killed', () => {
  const closing = new Closing()
  let stage: Stage
  let database: Database
  let headers: Readonly<Record<string, string>>
  /** All services; the provider last, because it keeps its trades in memory. */
  let victims: readonly ServiceName[]

  beforeAll(async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'staleproof-killed-'))
    chmodSync(dataFolder, 0o755)
    closing.add(() => rmSync(dataFolder, { recursive: true, force: true }))
    stage = await openStage({
      portBase: await freePortBase(),
      dataFolder,
      databaseUrl: await postgresServerUrl(),
      databaseName: 'killed_services',
      dropsDatabase: true,
      nodeArguments: typescriptArguments,
      inherited: { PATH: process.env.PATH, INDEXER_POLL_MS: '200', POSITION_DEBOUNCE_MS: '500' },
    })
    closing.add(() => stage.close())
    headers = asService(stage.adminToken)
    const others = [...stage.pids.keys()].filter((name) => name !== 'upstream')
    victims = [...others, 'upstream']
    database = openDatabase({ databaseUrl: stage.databaseUrl, log: silentLogger(), closing })
  }, 120_000)
  afterAll(() => closing.close(), 60_000)

  test('loses nothing and doubles nothing', { timeout: 240_000 }, async () => {
    const marketId = await tradedMarket()
    const leader = await firstLeader()
    const copier = await newUser(1)
    const watched = {
      address: leader,
      label: 'Leader',
      copy: { user_id: copier, amount: copyAmount },
    }
    await post('/watched-addresses', watched)
    const userIds = await Promise.all(
      Array.from({ length: userCount }, (_, index) => newUser(index + 2)),
    )
    const streams = userIds.map((userId) => {
      return new OrderStream({ apiUrl: stage.urls.api, headers, userId, marketId })
    })

    const traded: number[] = []
    for (const victim of victims) {
      traded.push(await trade(leader))
      // What nobody has read dies with the provider.
      if (victim === 'upstream') await areStored(traded)
      await killAndAwait(victim)
      if (victim !== 'upstream') traded.push(await trade(leader))
    }

    const accepted = await Promise.all(streams.map((stream) => stream.stop()))
    for (const [index, userId] of userIds.entries()) {
      const orders = accepted[index] ?? []
      expect(orders.length).toBeGreaterThan(victims.length)
      expect(await ordersInDatabase(userId)).toEqual(orders.toSorted())
      expect(await shownTo(userId)).toBe(orders.length)
      expect(await balanceOf(userId)).toBe(startingBalance - orders.length)
    }
    await eventually('every copy has ended', async () => (await openCopies()) === 0, 60_000)
    expect(await unfaithfulCopies()).toEqual([])
    const copies = await ordersInDatabase(copier)
    expect(copies).toEqual(expect.arrayContaining(traded.map((seq) => `copy:${seq}:${copier}`)))
    expect(await balanceOf(copier)).toBe(startingBalance - copyAmount * copies.length)
  })

  /** Kills it, sees the others go on, and resolves when it is back. */
  async function killAndAwait(victim: ServiceName): Promise<void> {
    const before = new Map(stage.pids)
    const pid = before.get(victim)
    if (pid === undefined) throw new Error(`${victim} does not run`)
    process.kill(pid, 'SIGKILL')
    for (const other of victims) {
      if (other !== victim) expect(await isUp(other), `${other} without ${victim}`).toBe(true)
    }
    const isBack = async () => stage.pids.get(victim) !== pid && (await isUp(victim))
    await eventually(`${victim} is back`, isBack, backDeadlineMs)
    for (const other of victims) {
      if (other !== victim) expect(stage.pids.get(other)).toBe(before.get(other))
    }
  }

  async function isUp(name: ServiceName): Promise<boolean> {
    const url = stage.urls[name]
    const answer = await fetch(`${url}/health`).catch(() => undefined)
    return answer?.status === 200
  }

  async function post(path: string, body: object): Promise<unknown> {
    return (await requestJson(`${stage.urls.api}${path}`, { method: 'POST', body, headers })).body
  }

  async function newUser(telegramId: number): Promise<number> {
    const user = await post('/users', { telegram_id: telegramId, name: `User ${telegramId}` })
    return z.object({ id: z.number() }).parse(user).id
  }

  /** One that can be bought now. */
  async function tradedMarket(): Promise<string> {
    let marketId: string | undefined
    await eventually('a market has a price', async () => {
      const { rows } = await database.execute<{ id: string }>(sql`
        select markets.id from markets join prices on prices.market_id = markets.id
        where markets.is_active and prices.ask between 0.2 and 0.8
        order by markets.volume desc limit 1`)
      marketId = rows[0]?.id
      return marketId !== undefined
    })
    return marketId ?? ''
  }

  async function firstLeader(): Promise<string> {
    const { body } = await requestJson(`${stage.urls.upstream}/leaders`)
    const [leader] = z.array(z.object({ proxyWallet: z.string() })).parse(body)
    return leader?.proxyWallet.toLowerCase() ?? ''
  }

  /** Resolves to the number of the trade. */
  async function trade(wallet: string): Promise<number> {
    const body = { wallet, side: 'BUY', size: 10, marketId: await tradedMarket() }
    const url = `${stage.urls.upstream}/control/trade`
    const answer = await requestJson(url, { method: 'POST', body, headers })
    return z.object({ seq: z.number() }).parse(answer.body).seq
  }

  async function areStored(seqs: readonly number[]): Promise<void> {
    await eventually('the indexer has stored every trade', async () => {
      const { rows } = await database.execute<{ seq: string }>(sql`select seq from trades`)
      const stored = new Set(rows.map((row) => Number(row.seq)))
      return seqs.every((seq) => stored.has(seq))
    })
  }

  async function ordersInDatabase(userId: number): Promise<string[]> {
    const { rows } = await database.execute<{ key: string }>(
      sql`select idempotency_key as key from positions where user_id = ${userId}`,
    )
    return rows.map(({ key }) => key).toSorted()
  }

  /** How many positions the API serves from its cache. */
  async function shownTo(userId: number): Promise<number> {
    const { body } = await requestJson(`${stage.urls.api}/positions/user/${userId}`, { headers })
    return z.object({ positions: z.array(z.unknown()) }).parse(body).positions.length
  }

  async function balanceOf(userId: number): Promise<number> {
    const { rows } = await database.execute<{ balance: string }>(
      sql`select balance from users where id = ${userId}`,
    )
    return Number(rows[0]?.balance)
  }

  async function openCopies(): Promise<number> {
    const { rows } = await database.execute<{ count: number }>(
      sql`select count(*)::integer as count from copy_trades where status = 'pending'`,
    )
    return rows[0]?.count ?? 0
  }

  /** Orders to copy that have another number of positions than one if bought, else none. */
  async function unfaithfulCopies(): Promise<object[]> {
    const { rows } = await database.execute(sql`
      select copy_trades.idempotency_key, copy_trades.status, trades.side, count(positions.id)
      from copy_trades join trades on trades.id = copy_trades.trade_id
      left join positions on positions.idempotency_key = copy_trades.idempotency_key
      group by copy_trades.idempotency_key, trades.side
      having count(positions.id) <>
        case when copy_trades.status = 'done' and trades.side = 'buy' then 1 else 0 end`)
    return rows
  }
})
