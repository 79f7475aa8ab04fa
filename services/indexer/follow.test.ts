import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../../test/servers/eventually.ts'
import { startPostgres } from '../../test/servers/postgres.ts'
import { type ApiStage, openApiStage } from '../api/testing/api-stage.ts'
import { requestJson } from '../process/http-client.ts'
import { openUpstream, type Upstream } from '../upstream/server.ts'
import { leaders } from '../upstream/wallet.ts'
import { openWorkers, type Workers } from '../workers/server.ts'
import { type Indexer, openIndexer } from './server.ts'

const adminToken = 'for-tests-only'

let stage: ApiStage
let upstream: Upstream
let workers: Workers
let indexer: Indexer

beforeAll(async () => {
  upstream = await openUpstream({ port: 0, adminToken, isPaused: true })
  stage = await openApiStage(await startPostgres())
  const { databaseUrl, api } = stage
  const shared = { databaseUrl, apiUrl: api.url, upstreamUrl: upstream.url }
  workers = await openWorkers({
    ...shared,
    upstreamWsUrl: upstream.wsUrl,
    priceBatchMs: 10,
    positionDebounceMs: 10,
  })
  indexer = await openIndexer({ ...shared, pollMs: 50 })
  await eventually('prices of all markets', async () => (await marketWithPrice()) !== undefined)
  await eventually('leaders are watched', async () => (await watched()).length === 10)
})
afterAll(async () => {
  await indexer?.close()
  await workers?.close()
  await stage?.close()
  await upstream?.close()
})

async function watched(): Promise<{ address: string }[]> {
  const headers = { 'cache-control': 'no-cache' }
  const { body } = await stage.ask('/watched-addresses', { headers })
  return (body as { addresses: { address: string }[] }).addresses
}

async function marketWithPrice(): Promise<string | undefined> {
  const headers = { 'cache-control': 'no-cache' }
  const { body } = await stage.ask('/markets?limit=100', { headers })
  const ids = (body as { markets: { id: string }[] }).markets.map((market) => market.id)
  const request = { method: 'POST', body: { market_ids: ids }, headers } as const
  const { body: answer } = await stage.ask('/prices/batch', request)
  const { prices } = answer as { prices: { marketId: string; bid: number; ask: number }[] }
  return prices.find((price) => price.bid > 0.05 && price.ask < 0.95)?.marketId
}

async function leaderTrades(wallet: string, marketId: string, side: 'BUY' | 'SELL') {
  const headers = { authorization: `Bearer ${adminToken}` }
  const body = { wallet, marketId, side, outcomeIndex: 0, size: 10 }
  await requestJson(`${upstream.url}/control/trade`, { method: 'POST', headers, body })
}

async function openPositions(userId: number): Promise<{ copiedFrom: string | null }[]> {
  const headers = { 'cache-control': 'no-cache' }
  const { body } = await stage.ask(`/positions/user/${userId}`, { headers })
  return (body as { positions: { copiedFrom: string | null }[] }).positions
}

test('a purchase of a leader just followed is copied once, its history is not', async () => {
  const user = await stage.newUser()
  const watchedBefore = (await watched()).map((each) => each.address)
  const address = leaders.find((leader) => !watchedBefore.includes(leader.address))?.address ?? ''
  const copy = { user_id: user.id, amount: 20 }
  await stage.ask('/watched-addresses', { method: 'POST', body: { address, copy } })
  const marketId = (await marketWithPrice()) ?? ''
  await leaderTrades(address, marketId, 'BUY')
  await eventually('the purchase is copied', async () => (await openPositions(user.id)).length > 0)
  expect(await openPositions(user.id)).toMatchObject([{ marketId, copiedFrom: address }])
  const { body } = await stage.ask('/smart-trades', { headers: { 'cache-control': 'no-cache' } })
  const [newest] = (body as { trades: object[] }).trades
  expect(newest).toMatchObject({ marketId, side: 'buy', address })
  await leaderTrades(address, marketId, 'SELL')
  await eventually('the sale is copied', async () => (await openPositions(user.id)).length === 0)
})

test('positions follow the prices of the stream', async () => {
  const user = await stage.newUser()
  const headers = { authorization: `Bearer ${adminToken}` }
  const marketId = (await marketWithPrice()) ?? ''
  const order = { user_id: user.id, market_id: marketId, outcome: 'yes', amount: 20 }
  const { body } = await stage.ask('/positions', { method: 'POST', body: order })
  const { currentPrice, id } = body as { id: number; currentPrice: number }
  const current = async () => {
    const answer = await stage.ask(`/positions/${id}`, { headers: { 'cache-control': 'no-cache' } })
    return (answer.body as { currentPrice: number }).currentPrice
  }
  await eventually('the price has moved', async () => {
    const tick = { method: 'POST', headers, body: { count: 5 } } as const
    await requestJson(`${upstream.url}/control/tick`, tick)
    return (await current()) !== currentPrice
  })
})
