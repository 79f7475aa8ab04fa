// A transaction is committed, and the answer to its COMMIT is lost: whoever wrote does not know of
// it, and whoever tries again finds nothing to change. Other caches show the write all the same.
import { openCache } from 'staleproof'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pricesByIds } from '../../services/api/repositories/prices.ts'
import { databaseSources } from '../../services/api/sources.ts'
import { type ApiStage, openApiStage } from '../../services/api/testing/api-stage.ts'
import { sampleMarket, sampleQuote } from '../../services/api/testing/sample-data.ts'
import { SearchCache } from '../../services/caches/search-cache.ts'
import { openDatabase } from '../../services/database/connection.ts'
import { transactor, type WriteHooks } from '../../services/database/transact.ts'
import { catalog } from '../../services/domain/catalog.ts'
import type { PolycoolCache } from '../../services/domain/writes.ts'
import { Closing } from '../../services/process/closing.ts'
import { silentLogger } from '../../services/process/logger.ts'
import { PriceWriter } from '../../services/workers/price-writer.ts'
import { eventually } from '../servers/eventually.ts'
import { startPostgres } from '../servers/postgres.ts'
import { startProxy } from '../servers/proxy.ts'
import { describeWithRedis, startRedis } from '../servers/redis.ts'

const log = silentLogger()

describeWithRedis('a commit whose answer is lost', () => {
  const closing = new Closing()
  let stage: ApiStage
  let workers: PolycoolCache
  /** In another process than those that write. */
  let reader: PolycoolCache
  let isLost = false

  const hooks: WriteHooks = {
    afterCommit: async () => {
      if (!isLost) return
      isLost = false
      throw new Error('Connection terminated unexpectedly')
    },
  }

  beforeAll(async () => {
    const redis = await startRedis()
    closing.add(() => redis.stop())
    const markets = [sampleMarket('11')]
    stage = await openApiStage(await startPostgres(), { redisUrl: redis.url, markets, hooks })
    closing.add(() => stage.close())
    workers = await openCache(catalog, { service: 'workers', redis: redis.url })
    closing.add(() => workers.close())
    const search = new SearchCache(() => reader)
    const sources = databaseSources(stage.database, search)
    reader = await openCache(catalog, { service: 'reader', redis: redis.url, sources })
    closing.add(() => reader.close())
  })
  afterAll(() => closing.close())

  test('of the API is shown by others, and its repetition changes nothing', async () => {
    const { id, telegramId } = await stage.newUser()
    await Promise.all([reader.user.get(telegramId), reader.positions.get(id)])
    await reader.settled()
    isLost = true
    const body = { user_id: id, market_id: '11', outcome: 'yes', amount: 10, idempotency_key: 'a' }
    const order = { method: 'POST', body } as const
    await expect(stage.ask('/positions', order)).rejects.toThrow()
    await eventually('the balance is shown', async () => {
      return (await reader.user.get(telegramId))?.balance === 990
    })
    await eventually('the position is shown', async () => {
      return (await reader.positions.get(id))?.length === 1
    })
    await stage.ask('/positions', order)
    expect(await reader.positions.get(id, { consistency: 'fresh' })).toHaveLength(1)
  })

  test('of the workers is shown by others, although the retry finds nothing to write', async () => {
    const server = new URL(stage.databaseUrl)
    const proxy = await startProxy({ host: server.hostname, port: Number(server.port) })
    closing.add(() => proxy.stop())
    server.host = `127.0.0.1:${proxy.port}`
    const database = openDatabase({ databaseUrl: server.href, log, closing })
    await reader.price.get('11')
    await reader.settled()
    const marked: string[] = []
    let attempts = 0
    const keepAnswers = async () => {
      attempts += 1
      if (attempts === 1) proxy.mode('all', { toServer: 'pass', toClient: 'hold' })
    }
    const writer = new PriceWriter({
      cache: workers,
      transact: transactor(database, { beforeCommit: keepAnswers }),
      log,
      batchMs: 1,
      onWritten: (marketIds) => marked.push(...marketIds),
    })
    writer.add([sampleQuote('11', { bid: 0.3, ask: 0.32, seq: 2 })])
    await eventually('it is committed', async () => {
      const [price] = await pricesByIds(stage.database, ['11'])
      return price?.bid === 0.3
    })
    proxy.cut('all')
    proxy.mode('all', 'refuse')
    await eventually('the price is shown', async () => (await reader.price.get('11'))?.bid === 0.3)
    proxy.mode('all', 'pass')
    await writer.close()
    expect(attempts).toBe(2)
    expect(marked).toEqual(['11'])
  })
})
