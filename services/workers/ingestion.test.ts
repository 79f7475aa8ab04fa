import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../../test/servers/eventually.ts'
import { startPostgres } from '../../test/servers/postgres.ts'
import { marketPage } from '../api/repositories/markets.ts'
import { pricesByIds } from '../api/repositories/prices.ts'
import { type ApiStage, openApiStage } from '../api/testing/api-stage.ts'
import { transactor } from '../database/transact.ts'
import { requestJson } from '../process/http-client.ts'
import { silentLogger } from '../process/logger.ts'
import { openUpstream, type Upstream } from '../upstream/server.ts'
import { openIngestion } from './ingestion.ts'

const adminToken = 'for-tests-only'

let stage: ApiStage
let upstream: Upstream

beforeAll(async () => {
  upstream = await openUpstream({ port: 0, adminToken, isPaused: true })
  stage = await openApiStage(await startPostgres())
})
afterAll(async () => {
  await stage?.close()
  await upstream?.close()
})

function open(upstreamWsUrl: string, onPrices: (marketIds: readonly string[]) => void) {
  return openIngestion({
    cache: stage.api.cache,
    transact: transactor(stage.database),
    log: silentLogger(),
    upstreamUrl: upstream.url,
    upstreamWsUrl,
    priceBatchMs: 10,
    marketImportMs: 60_000,
    onPrices,
  })
}

async function shownPrices(): Promise<number> {
  const markets = await marketPage(stage.database, { order: 'volume', limit: 50, offset: 0 })
  const prices = await pricesByIds(
    stage.database,
    markets.map((market) => market.id),
  )
  return prices.filter((price) => price !== undefined).length
}

test('prices come by polling while the market channel can not be reached', async () => {
  const ingestion = open('ws://127.0.0.1:9/nobody', () => undefined)
  await eventually('prices are there', async () => (await shownPrices()) === 50, 20_000)
  expect(ingestion.status()).toMatchObject({ quotes: 'poll' })
  await ingestion.close()
})

test('a tick of the stream is written, and the cache shows it', async () => {
  const written = new Set<string>()
  const ingestion = open(upstream.wsUrl, (ids) => {
    for (const id of ids) written.add(id)
  })
  await eventually('the stream is up', () => JSON.stringify(ingestion.status()).includes('stream'))
  await eventually(
    'markets are known',
    () => !/"markets":0/.test(JSON.stringify(ingestion.status())),
  )
  const headers = { authorization: `Bearer ${adminToken}` }
  const tick = { method: 'POST', headers, body: { count: 3 } } as const
  await eventually('quotes move and are written', async () => {
    await requestJson(`${upstream.url}/control/tick`, tick)
    return written.size > 0
  })
  const [marketId = ''] = written
  const [stored] = await pricesByIds(stage.database, [marketId])
  const shown = await stage.api.cache.price.get(marketId)
  expect(shown?.seq).toBeGreaterThanOrEqual(stored?.seq ?? Number.POSITIVE_INFINITY)
  await ingestion.close()
})
