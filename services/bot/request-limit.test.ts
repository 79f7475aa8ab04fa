// A trader has a hundred requests a minute, on both sides: the bot does not even ask for more, and
// what the API refuses comes with the time at which it is worth asking again.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openCache } from 'staleproof'
import { afterAll, expect, test } from 'vitest'
import { startPostgres } from '../../test/servers/postgres.ts'
import { openApiStage } from '../api/testing/api-stage.ts'
import { anyTelegramId, sampleMarket } from '../api/testing/sample-data.ts'
import { catalog } from '../domain/catalog.ts'
import { Closing } from '../process/closing.ts'
import type { HttpFault } from '../process/http-client.ts'
import { ApiClient, type Trader } from './api-client.ts'
import { Receipts } from './receipts.ts'

const adminToken = 'token-of-the-test'
const perMinute = 100
const closing = new Closing()
afterAll(() => closing.close())

/** A trader whom the bot knows, before an API at this address. */
async function openTrader(apiUrl: string, userRequestsPerMinute: number) {
  const trader = { telegramId: anyTelegramId(), name: 'Ada' }
  const known = (telegramId: number) => {
    const createdAt = new Date(0).toISOString()
    return { id: 1, telegramId, name: 'Ada', balance: 1_000, createdAt, revision: 0 }
  }
  const cache = await openCache(catalog, { service: 'bot', sources: { user: known } })
  closing.add(() => cache.close())
  const receipts = new Receipts()
  const client = new ApiClient({ apiUrl, cache, receipts, adminToken, userRequestsPerMinute })
  return { client, trader }
}

/** Buys so often at once; what was refused. */
async function buy(client: ApiClient, { trader, count }: { trader: Trader; count: number }) {
  const orders = Array.from({ length: count }, (_, index) => {
    const idempotencyKey = `${trader.telegramId}:${index}`
    return client.buy(trader, { marketId: '11', outcome: 'yes', amount: 1, idempotencyKey })
  })
  const ends = await Promise.allSettled(orders)
  const faults: HttpFault[] = ends.flatMap((end) => {
    return end.status === 'rejected' ? [end.reason] : []
  })
  return { faults }
}

/** An API that has no market open; for whom it was asked. */
async function openClosedMarkets() {
  const asked: unknown[] = []
  const api = createServer((request, response) => {
    asked.push(request.headers['x-end-user'])
    response.writeHead(409, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ error: 'market_closed', message: 'This market is closed.' }))
  }).listen(0, '127.0.0.1')
  await once(api, 'listening')
  closing.add(() => api.close())
  const { port } = api.address() as AddressInfo
  return { asked, url: `http://127.0.0.1:${port}` }
}

test('after a hundred requests of a trader the bot asks no more, and says until when', async () => {
  const { asked, url } = await openClosedMarkets()
  const { client, trader } = await openTrader(url, perMinute)
  const startedMs = performance.now()
  const { faults } = await buy(client, { trader, count: 150 })
  const refused = faults.filter((fault) => fault.code === 'too_many_requests')
  // With a clock that stands still, the hundred and first is refused.
  const tokensBack = Math.floor(((performance.now() - startedMs) * perMinute) / 60_000)
  expect(refused.length).toBeGreaterThanOrEqual(50 - tokensBack)
  expect(refused.length).toBeLessThanOrEqual(50)
  expect(asked).toEqual(Array(150 - refused.length).fill(String(trader.telegramId)))
  for (const { status, retryAfterMs } of refused) {
    expect(status).toBe(429)
    expect(retryAfterMs).toBeGreaterThan(0)
  }
  const other = { telegramId: anyTelegramId(), name: 'Bob' }
  const { faults: faultsOfOther } = await buy(client, { trader: other, count: 20 })
  expect(faultsOfOther.filter((fault) => fault.code === 'too_many_requests')).toEqual([])
})

test('where the limit is 0 the bot asks as often as a trader does', async () => {
  const { asked, url } = await openClosedMarkets()
  const { client, trader } = await openTrader(url, 0)
  const { faults } = await buy(client, { trader, count: 150 })
  expect(faults.filter((fault) => fault.code === 'too_many_requests')).toEqual([])
  expect(asked).toHaveLength(150)
})

test('what the API refuses for now comes with its time', async () => {
  const options = { adminToken, userRequestsPerMinute: 5, markets: [sampleMarket('11')] }
  const stage = await openApiStage(await startPostgres(), options)
  closing.add(() => stage.close())
  const { client, trader } = await openTrader(stage.api.url, perMinute)
  const { faults } = await buy(client, { trader, count: 20 })
  const refused = faults.filter((fault) => fault.code === 'too_many_requests')
  expect(refused.length).toBeGreaterThan(0)
  for (const { status, retryAfterMs } of refused) {
    expect(status).toBe(429)
    expect(retryAfterMs).toBeGreaterThanOrEqual(1_000)
  }
})
