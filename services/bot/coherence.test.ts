// The named tests of the first audit, with real services on one Redis: the API commits and tells,
// the bot (another cache, no database) shows. Both run in this process, each with its own cache.

import { openCache } from 'staleproof'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { eventually } from '../../test/servers/eventually.ts'
import { startPostgres } from '../../test/servers/postgres.ts'
import { describeWithRedis, startRedis, type TestRedis } from '../../test/servers/redis.ts'
import { type ApiStage, openApiStage } from '../api/testing/api-stage.ts'
import { sampleMarket, sampleQuote } from '../api/testing/sample-data.ts'
import { transactor } from '../database/transact.ts'
import { catalog } from '../domain/catalog.ts'
import type { User } from '../domain/user.ts'
import type { PolycoolCache } from '../domain/writes.ts'
import { silentLogger } from '../process/logger.ts'
import { openPositionUpdater } from '../workers/position-updater.ts'
import { ApiClient, type Trader } from './api-client.ts'
import { apiSources } from './api-sources.ts'
import { Receipts } from './receipts.ts'

describeWithRedis('coherence of the bot with the API', () => {
  let redis: TestRedis
  let stage: ApiStage
  let cache: PolycoolCache
  let client: ApiClient
  let user: User
  let trader: Trader
  let beforeCommit: (write: string) => Promise<void>
  let beforeAnswer: () => Promise<void>

  beforeAll(async () => {
    redis = await startRedis()
    stage = await openApiStage(await startPostgres(), {
      redisUrl: redis.url,
      markets: ['11', '12', '13'].map((id) => sampleMarket(id)),
      hooks: { beforeCommit: (write) => beforeCommit(write) },
    })
    const sources = apiSources(stage.api.url)
    const { positions } = sources
    if (positions === undefined || !('one' in positions)) throw new Error('expected a source')
    cache = await openCache(catalog, {
      service: 'bot',
      redis: redis.url,
      sources: {
        ...sources,
        positions: async (userId, context) => {
          const answer = await positions.one(userId, context)
          await beforeAnswer()
          return answer
        },
      },
    })
  })
  afterAll(async () => {
    await cache?.close()
    await stage?.close()
    await redis?.stop()
  })
  beforeEach(async () => {
    beforeCommit = async () => undefined
    beforeAnswer = async () => undefined
    client = new ApiClient({ apiUrl: stage.api.url, cache, receipts: new Receipts() })
    user = await stage.newUser()
    trader = { telegramId: user.telegramId, name: user.name }
  })

  const purchase = (idempotencyKey: string) =>
    ({ marketId: '11', outcome: 'yes', amount: 10, idempotencyKey }) as const

  test('a position is shown to its trader at once after it was created', async () => {
    for (let count = 0; count < 20; count += 1) {
      expect(await client.positions(trader)).toHaveLength(count)
      await client.buy(trader, purchase(`order-${count}`))
      expect(await client.positions(trader)).toHaveLength(count + 1)
      expect((await client.user(trader)).balance).toBe(1_000 - 10 * (count + 1))
    }
  })

  test('a list that was read during a slow write is not shown after it', async () => {
    const commit = gate()
    beforeCommit = () => commit.pass()
    expect(await client.positions(trader)).toEqual([])
    const write = client.buy(trader, purchase('slow'))
    await commit.isReached
    // Strict: an invalidation that came too early would already be in Redis, and this would refill.
    expect(await cache.positions.get(user.id, { consistency: 'strict' })).toEqual([])
    await cache.settled()
    commit.open()
    await write
    expect(await client.positions(trader)).toHaveLength(1)
    expect(await cache.positions.get(user.id, { consistency: 'strict' })).toHaveLength(1)
  })

  test('a load that began before the commit can not put the old list back', async () => {
    const answer = gate()
    beforeAnswer = () => answer.pass()
    const early = cache.positions.get(user.id)
    await answer.isReached
    beforeAnswer = async () => undefined
    await client.buy(trader, purchase('overtaking'))
    expect(await client.positions(trader)).toHaveLength(1)
    answer.open()
    expect(await early).toEqual([])
    await cache.settled()
    expect(await cache.positions.get(user.id)).toHaveLength(1)
    expect(await cache.positions.get(user.id, { consistency: 'strict' })).toHaveLength(1)
  })

  test("another trader's list stays in memory", async () => {
    const other = await stage.newUser()
    await cache.positions.get(user.id)
    await cache.positions.get(other.id)
    await eventually('both are in memory', () => cache.positions.peek(other.id) !== undefined)
    const readsBefore = cache.stats().families.positions?.loads
    await client.buy(trader, purchase('mine'))
    await eventually('the bot has heard', () => cache.positions.peek(user.id) === undefined)
    expect(await cache.positions.lookup(other.id)).toMatchObject({ from: 'memory', value: [] })
    expect(cache.stats().families.positions?.loads).toBe(readsBefore)
  })

  test('a batch of prices reaches exactly the traders whose positions moved', async () => {
    const bystander = await stage.newUser()
    const stats = async (telegramId: number) => stage.api.cache.userStats.lookup(telegramId)
    const workers = await openCache(catalog, { service: 'workers', redis: redis.url })
    const shared = { cache: workers, transact: transactor(stage.database), log: silentLogger() }
    const onRepriced = async () => undefined
    const updater = openPositionUpdater({ ...shared, delayMs: 1, onRepriced })
    await client.buy(trader, { ...purchase('moved'), marketId: '12' })
    expect(await client.positions(trader)).toMatchObject([{ currentPrice: 0.49 }])
    await stats(bystander.telegramId)
    await stats(trader.telegramId)
    const listsBefore = cache.stats().families.positions?.loads
    await stage.quote(sampleQuote('12', { seq: 2, bid: 0.7, ask: 0.72 }))
    await eventually('the new price is shown', async () => {
      const [position] = await client.positions(trader)
      return position?.currentPrice === 0.7
    })
    updater.add(['12', '13'])
    await updater.close()
    await eventually('the statistics follow', async () => {
      const { value } = await stats(trader.telegramId)
      return value?.unrealisedProfit !== undefined && value.unrealisedProfit > 0
    })
    expect(await stats(bystander.telegramId)).toMatchObject({ from: 'memory' })
    expect(cache.stats().families.positions?.loads).toBe(listsBefore)
    await workers.close()
  })

  test('a request that says no-cache is answered by the database', async () => {
    const headers = { 'cache-control': 'no-cache' }
    const reads = () => JSON.stringify(stage.api.cache.stats().families)
    const before = reads()
    for (const path of [`/positions/user/${user.id}`, '/markets/11', '/markets', '/prices/11']) {
      await stage.ask(path, { headers })
    }
    const body = { market_ids: ['11', '12'] }
    await stage.ask('/markets/batch', { method: 'POST', headers, body })
    expect(reads()).toBe(before)
  })

  test('the markets of all positions are one request', async () => {
    await cache.market.invalidate(['11', '12', '13'])
    const asked: string[] = []
    const counting = new ApiClient({ apiUrl: stage.api.url, cache, receipts: new Receipts() })
    const stop = cache.observe({
      notify: (event) => {
        if (event.kind === 'load' && event.family === 'market') asked.push(event.keys.join())
      },
    })
    const markets = await counting.markets(['11', '12', '13', '11', '12'])
    await cache.settled()
    stop()
    expect([...markets.keys()].sort()).toEqual(['11', '12', '13'])
    expect(asked).toHaveLength(1)
  })

  test('writes succeed while Redis is away, and their trader sees them', async () => {
    await client.buy(trader, purchase('before'))
    await redis.kill()
    try {
      await client.buy(trader, purchase('without'))
      expect(await client.positions(trader)).toHaveLength(2)
    } finally {
      await redis.restart()
    }
    await eventually('the cache is well again', () => cache.health().state === 'ok', 20_000)
    await eventually('the API has told', () => stage.api.cache.pending().length === 0, 20_000)
    expect(await cache.positions.get(user.id, { consistency: 'strict' })).toHaveLength(2)
  })
})

/** Holds whoever passes until it is opened. */
function gate() {
  let reached = () => {}
  let open = () => {}
  const isReached = new Promise<void>((resolve) => {
    reached = resolve
  })
  const isOpen = new Promise<void>((resolve) => {
    open = resolve
  })
  const pass = (): Promise<void> => {
    reached()
    return isOpen
  }
  return { pass, isReached, open: () => open() }
}
