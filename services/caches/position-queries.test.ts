// What positions cost the database: counted where every statement passes.
import type { CacheEvent } from 'staleproof'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPostgres } from '../../test/servers/postgres.ts'
import { holdingsOf } from '../api/repositories/position-rows.ts'
import { type ApiStage, openApiStage } from '../api/testing/api-stage.ts'
import { sampleMarket, sampleQuote } from '../api/testing/sample-data.ts'
import { transactor } from '../database/transact.ts'
import type { User } from '../domain/user.ts'
import { silentLogger } from '../process/logger.ts'
import { openPositionUpdater } from '../workers/position-updater.ts'

const adminToken = 'token-of-the-test'
const marketIds = Array.from({ length: 20 }, (_, index) => `${100 + index}`)
const batch = { method: 'POST', body: { market_ids: marketIds } } as const

let stage: ApiStage
let user: User

beforeAll(async () => {
  const markets = marketIds.map((id) => sampleMarket(id))
  stage = await openApiStage(await startPostgres(), { markets, adminToken })
  user = await stage.newUser()
  for (const market_id of marketIds) {
    const body = { user_id: user.id, market_id, outcome: 'yes', amount: 1 }
    await stage.ask('/positions', { method: 'POST', body })
  }
  await stage.api.cache.clear()
})
afterAll(() => stage.close())

async function queries(): Promise<number> {
  const headers = { authorization: `Bearer ${adminToken}` }
  return ((await stage.ask('/debug/database', { headers })).body as { queries: number }).queries
}

async function costOf(act: () => Promise<unknown>): Promise<number> {
  const before = await queries()
  await act()
  return (await queries()) - before
}

test('twenty positions and their markets are three queries, and then none', async () => {
  const show = async () => {
    const { body } = await stage.ask(`/positions/user/${user.id}`)
    expect(body).toMatchObject({ positions: { length: 20 } })
    await stage.ask('/markets/batch', batch)
  }
  expect(await costOf(show)).toBe(3)
  await stage.api.cache.settled()
  expect(await costOf(show)).toBe(0)
})

test('positions of many users are one query, each with their own and newest first', async () => {
  const other = await stage.newUser()
  const order = { user_id: other.id, market_id: '100', outcome: 'no', amount: 1 }
  await stage.ask('/positions', { method: 'POST', body: order })
  const before = stage.database.$client.use.queries
  const [none, first, second] = await holdingsOf(stage.database, [999_999, user.id, other.id])
  expect(stage.database.$client.use.queries - before).toBe(1)
  expect(none).toEqual([])
  expect(first?.map(({ marketId }) => marketId)).toEqual(marketIds.toReversed())
  expect(second).toMatchObject([{ userId: other.id, outcome: 'no' }])
  expect(second?.[0]).not.toHaveProperty('currentPrice')
  const { cache } = stage.api
  await cache.positions.clear()
  const together = () => Promise.all([user.id, other.id].map((id) => cache.positions.get(id)))
  expect(await costOf(together)).toBe(1)
})

test('new marks of twenty markets are one transaction and one invalidation', async () => {
  const { cache } = stage.api
  const told: CacheEvent[] = []
  const unobserve = cache.observe({
    notify: (event) => {
      if (event.kind === 'invalidate' && event.via === 'call') told.push(event)
    },
  })
  const transactions: string[] = []
  const transact = transactor(stage.database, {
    beforeCommit: async (write) => void transactions.push(write),
  })
  await stage.quote(...marketIds.map((id) => sampleQuote(id, { bid: 0.6, ask: 0.62, seq: 2 })))
  let repriced = 0
  const updater = openPositionUpdater({
    cache,
    transact,
    log: silentLogger(),
    delayMs: 60_000,
    onRepriced: () => {
      repriced += 1
    },
  })
  updater.add(marketIds)
  await updater.close()
  unobserve()
  expect(repriced).toBe(1)
  expect(transactions).toEqual(['positions_repriced'])
  expect(told).toMatchObject([{ reason: 'positions_repriced', keys: { length: 2 } }])
})
