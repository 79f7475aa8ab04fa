import { gte } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { eventually } from '../../test/servers/eventually.ts'
import { startPostgres } from '../../test/servers/postgres.ts'
import { startProxy } from '../../test/servers/proxy.ts'
import { marketPage } from '../api/repositories/markets.ts'
import { pricesByIds } from '../api/repositories/prices.ts'
import { type ApiStage, openApiStage } from '../api/testing/api-stage.ts'
import { addMarkets, sampleMarket } from '../api/testing/sample-data.ts'
import {
  type MarketDataSettings,
  type MarketSource,
  marketSources,
} from '../caches/market-data-layer.ts'
import { markets, prices } from '../database/schema.ts'
import { transactor } from '../database/transact.ts'
import type { Market } from '../domain/market.ts'
import { requestJson } from '../process/http-client.ts'
import { silentLogger } from '../process/logger.ts'
import { openUpstream, type Upstream } from '../upstream/server.ts'
import { type Ingestion, openIngestion } from './ingestion.ts'
import { bestMessage, rowOf, StubProvider, tradeMessage } from './testing/stub-provider.ts'

const adminToken = 'for-tests-only'
/** Of the provider that tests can make say anything, and in the database from the start. */
const stored = sampleMarket('9001')
const nobody = 'ws://127.0.0.1:9/nobody'

let stage: ApiStage
let upstream: Upstream
let provider: StubProvider
let ingestion: Ingestion | undefined

beforeAll(async () => {
  upstream = await openUpstream({ port: 0, adminToken, isPaused: true })
  provider = await StubProvider.open()
  stage = await openApiStage(await startPostgres(), { markets: [stored] })
  provider.offer(stored)
})
afterEach(async () => {
  provider.prices.length = 0
  provider.markets.length = 0
  await ingestion?.close()
  ingestion = undefined
})
afterAll(async () => {
  await stage?.close()
  await provider?.close()
  await upstream?.close()
})

const written = new Set<string>()

function open(
  from: { readonly url: string; readonly wsUrl: string },
  times: Partial<MarketDataSettings> = {},
): Ingestion {
  written.clear()
  ingestion = openIngestion({
    cache: stage.api.cache,
    database: stage.database,
    transact: transactor(stage.database),
    log: silentLogger(),
    upstreamUrl: from.url,
    upstreamWsUrl: from.wsUrl,
    priceBatchMs: 10,
    marketImportMs: 60_000,
    marketData: {
      enabled: marketSources,
      streamSilentMs: 600,
      fallMs: 300,
      returnMs: 700,
      pollMs: 50,
      ...times,
    },
    onPrices: (ids) => {
      for (const id of ids) written.add(id)
    },
  })
  return ingestion
}

async function inUse({ marketData }: Ingestion, source: MarketSource): Promise<void> {
  await eventually(`quotes come from ${source}`, () => marketData.stats().active === source)
}

function numbersOf({ marketData }: Ingestion, source: MarketSource) {
  return marketData.stats().sources.find(({ name }) => name === source)
}

function known({ status }: Ingestion, markets: number): Promise<void> {
  const isKnown = () => JSON.stringify(status()).includes(`"markets":${markets}`)
  return eventually(`${markets} markets are known`, isKnown)
}

async function tick(): Promise<void> {
  const headers = { authorization: `Bearer ${adminToken}` }
  await requestJson(`${upstream.url}/control/tick`, { method: 'POST', headers, body: { count: 3 } })
}

async function shownPrices(): Promise<number> {
  const markets = await marketPage(stage.database, { order: 'volume', limit: 50, offset: 0 })
  const prices = await pricesByIds(
    stage.database,
    markets.map((market) => market.id),
  )
  return prices.filter((price) => price !== undefined).length
}

test('an unknown market is imported, and asked for once where there is none', async () => {
  const [first, absent, second] = ['9002', '9003', '9004'].map((id) => sampleMarket(id))
  const named = (...markets: readonly (Market | undefined)[]) =>
    markets.flatMap((market) => (market === undefined ? [] : tradeMessage(market)))
  // So long that only a new subscription can bring quotes of what was imported.
  const ingestion = open(provider, { streamSilentMs: 60_000, returnMs: 60_000 })
  await known(ingestion, 1)
  provider.offer(first)
  await eventually('the new market is imported', () => {
    provider.say(...named(first, absent))
    return ingestion.marketData.get('9002') !== undefined
  })
  expect(await stage.api.cache.market.get('9002')).toMatchObject({ id: '9002' })
  provider.offer(second)
  await eventually(
    'another new one is imported',
    () => {
      provider.say(...named(absent, second))
      return ingestion.marketData.get('9004') !== undefined
    },
    15_000,
  )
  const isAsked = (path: string) => path.includes(String(absent?.conditionId))
  expect(provider.asked.filter(isAsked)).toHaveLength(1)
})

test('rows that are no quotes are counted and skipped, and the others are written', async () => {
  provider.prices.push({ market_id: 'no numbers' }, 17)
  const ingestion = open(provider)
  const untold = { ...bestMessage(stored, 3), timestamp: 'noon' }
  await eventually('the good row is written', () => {
    provider.say('garbage', { event_type: 'riddle' }, untold, bestMessage(stored, 7, '1.7'))
    return written.has(stored.id)
  })
  const stream = numbersOf(ingestion, 'stream')
  expect(stream).toMatchObject({ state: 'up', failures: 0 })
  expect((stream?.invalid ?? 0) % 3).toBe(0)
  expect(stream?.invalid).toBeGreaterThan(0)
  // The price was brought into its range, and what was older did not replace it.
  expect((await pricesByIds(stage.database, [stored.id]))[0]).toMatchObject({ bid: 1, seq: 7 })
})

function priceRow(marketId: string, seq: number): object {
  const sides = { price: 0.5, best_bid: 0.4, best_ask: 0.6 }
  return { market_id: marketId, condition_id: '0x1', ...sides, seq, timestamp: 1_783_715_146_000 }
}

async function storedSeq(): Promise<number | undefined> {
  return (await pricesByIds(stage.database, [stored.id]))[0]?.seq
}

test('a polled row of a market that nobody has imported stops no other', async () => {
  const ingestion = open(provider, { enabled: ['poll'] })
  provider.prices.push(priceRow('no market', 40), priceRow(stored.id, 41))
  await eventually('the known one is written', async () => (await storedSeq()) === 41)
  expect(ingestion.marketData.get('no market')).toBeUndefined()
})

test.each<[string, object]>([
  ['of the year 0', { timestamp: -62_167_219_200_000 }],
  ['with a number that lies years ahead', { seq: Number.MAX_SAFE_INTEGER }],
  ['with a name too long for a key', { market: 'x'.repeat(2_000) }],
  ['with a NUL in its name', { market: 'a\u0000b' }],
])('a message %s is counted and skipped, and later ones are written', async (_, change) => {
  const ingestion = open(provider)
  const last = (await storedSeq()) ?? 0
  await eventually('a later one is written', async () => {
    provider.say({ ...bestMessage(stored, last + 1), ...change }, bestMessage(stored, last + 2))
    return (await storedSeq()) === last + 2
  })
  expect(numbersOf(ingestion, 'stream')?.invalid).toBeGreaterThan(0)
  expect(ingestion.status()).toMatchObject({ unknownMarkets: { waiting: 0 } })
})

const taken = sampleMarket('9300')
test.each<[string, readonly object[]]>([
  ['a NUL in its question', [rowOf(sampleMarket('9301', { question: 'a\u0000b' }))]],
  ['a token too long for a key', [rowOf(sampleMarket('9301', { yesTokenId: '1'.repeat(1_500) }))]],
  ['a volume of a hundred digits', [{ ...rowOf(sampleMarket('9302')), volume: 1e100 }]],
  ['an end in the year 0', [{ ...rowOf(sampleMarket('9302')), endDate: '0000-01-01T00:00:00Z' }]],
  ['the same row twice', [rowOf(taken), rowOf(taken)]],
  [
    'the condition of another',
    [rowOf(taken), rowOf({ ...sampleMarket('9301'), conditionId: taken.conditionId })],
  ],
  [
    'a token that is stored for another',
    [rowOf(sampleMarket('9301', { noTokenId: stored.noTokenId }))],
  ],
])('a market with %s keeps no other from being imported', async (_, rows) => {
  await stage.database.delete(prices).where(gte(prices.marketId, '9100'))
  await stage.database.delete(markets).where(gte(markets.id, '9100'))
  provider.markets.push(...rows)
  const fresh = sampleMarket('9100')
  provider.markets.push(rowOf(fresh))
  const { marketData } = open(provider)
  provider.offer(fresh)
  const ids = async () =>
    (await marketPage(stage.database, { order: 'volume', limit: 50, offset: 0 })).map(
      ({ id }) => id,
    )
  await eventually('the other one is imported', async () => (await ids()).includes(fresh.id))
  expect(await ids()).not.toContain('9301')
  expect(marketData.stats().active).toBeDefined()
})

test('with the provider away the last quotes are shown, marked, and not written', async () => {
  await addMarkets(stage.database, [sampleMarket('9010')])
  const ingestion = open({ url: 'http://127.0.0.1:9', wsUrl: nobody })
  await inUse(ingestion, 'database')
  await eventually('the last quote is there', () => ingestion.marketData.get('9010') !== undefined)
  expect(ingestion.marketData.get('9010')).toMatchObject({ source: 'database', isLive: false })
  expect(ingestion.status()).toMatchObject({ quotes: 'database' })
  const [stored] = await pricesByIds(stage.database, ['9010'])
  expect(ingestion.marketData.get('9010')?.value).toMatchObject({ bid: stored?.bid })
  expect(written.size).toBe(0)
})

test('prices come by polling while the market channel can not be reached', async () => {
  const ingestion = open({ url: upstream.url, wsUrl: nobody })
  await eventually('prices are there', async () => (await shownPrices()) === 50, 20_000)
  expect(ingestion.status()).toMatchObject({ quotes: 'poll' })
})

test('every request to the provider takes from the quota that all services share', async () => {
  const granted = () => stage.api.cache.stats().limiters.provider?.granted ?? 0
  const { asked } = provider
  const [grantedBefore, askedBefore] = [granted(), asked.length]
  const ingestion = open({ url: provider.url, wsUrl: nobody })
  await eventually('the provider is polled', () => asked.length > askedBefore + 3)
  await ingestion.close()
  // The last one may have been granted, and ended by the close before it was sent.
  expect(granted() - grantedBefore).toBeGreaterThanOrEqual(asked.length - askedBefore)
})

test('a tick of the stream is written, and the cache shows it', async () => {
  open(upstream)
  await eventually('quotes move and are written', async () => {
    await tick()
    return written.size > 0
  })
  const [marketId = ''] = written
  const [stored] = await pricesByIds(stage.database, [marketId])
  const shown = await stage.api.cache.price.get(marketId)
  expect(shown?.seq).toBeGreaterThanOrEqual(stored?.seq ?? Number.POSITIVE_INFINITY)
})

test('a stream that breaks is replaced by the poll, and returned to when it lasts', async () => {
  const proxy = await startProxy(Number(new URL(provider.url).port))
  const wsUrl = `ws://127.0.0.1:${proxy.port}`
  const times = { streamSilentMs: 2_000, returnMs: 2_000 }
  const ingestion = open({ url: upstream.url, wsUrl }, times)
  let seq = 100
  const isStreamInUse = () => {
    provider.say(bestMessage(stored, seq++))
    return ingestion.marketData.stats().active === 'stream'
  }
  await eventually('the stream has data', () => {
    return isStreamInUse() && numbersOf(ingestion, 'stream')?.state === 'up'
  })
  proxy.mode('all', 'refuse')
  proxy.cut('all')
  await inUse(ingestion, 'poll')
  proxy.mode('all', 'pass')
  await eventually('the stream is returned to', isStreamInUse, 30_000)
  expect(numbersOf(ingestion, 'stream')?.stateMs).toBeGreaterThanOrEqual(times.returnMs)
  await proxy.stop()
})

test('a stream that is open and silent is replaced by the poll', async () => {
  const ingestion = open({ url: upstream.url, wsUrl: provider.wsUrl })
  await eventually('the stream has data', () => {
    provider.say(bestMessage(stored, 1))
    return numbersOf(ingestion, 'stream')?.state === 'up'
  })
  await eventually('its silence is noticed', () => {
    return numbersOf(ingestion, 'stream')?.lastError?.includes('SP_SOURCE_SILENT') === true
  })
  await inUse(ingestion, 'poll')
})
