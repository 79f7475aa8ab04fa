import { type TestCache, testCache } from 'staleproof/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sampleMarket, sampleQuote } from '../api/testing/sample-data.ts'
import { catalog, type PolycoolFamilies } from '../domain/catalog.ts'
import { priceOf, type Quote } from '../domain/price.ts'
import { positionCreated, pricesWritten } from '../domain/writes.ts'
import { announce } from '../process/announce.ts'
import { silentLogger } from '../process/logger.ts'
import { tokenPrices } from './price-cache.ts'

const log = silentLogger()

let stored: Map<string, Quote>
let calls: (readonly string[])[]
let cache: TestCache<PolycoolFamilies>

beforeEach(async () => {
  const ids = Array.from({ length: 20 }, (_, index) => `${index}`)
  stored = new Map(ids.map((id) => [id, sampleQuote(id)]))
  calls = []
  cache = await testCache(catalog, {
    market: { many: (marketIds) => marketIds.map((id) => sampleMarket(id)) },
    price: {
      many: (marketIds) => {
        calls.push(marketIds)
        const quotes = marketIds.map((id) => stored.get(id))
        return quotes.map((quote) => (quote === undefined ? undefined : priceOf(quote)))
      },
    },
  })
})
afterEach(() => cache.close())

/** Reads, and waits until what was read is held. */
async function hold(...marketIds: string[]): Promise<void> {
  await cache.price.getMany(marketIds)
  await cache.settled()
}

/** The database, too, keeps the newest of a market. */
async function write(...quotes: Quote[]): Promise<void> {
  for (const quote of quotes) {
    const { seq = -1 } = stored.get(quote.marketId) ?? {}
    if (seq < quote.seq) stored.set(quote.marketId, quote)
  }
  await announce({ cache, log }, { write: pricesWritten, change: quotes })
}

test('many markets are one call of the source, together or one by one', async () => {
  const ids = [...stored.keys()]
  await hold(...ids)
  await cache.price.clear()
  await Promise.all(ids.map((id) => cache.price.get(id)))
  expect(calls).toEqual([ids, ids])
})

test('tokens are priced by two batches, both tokens of a market by one price', async () => {
  const meanings = new Map([
    ['y1', { marketId: '1', outcome: 'yes' as const }],
    ['n1', { marketId: '1', outcome: 'no' as const }],
    ['y2', { marketId: '2', outcome: 'yes' as const }],
    ['y99', { marketId: '99', outcome: 'yes' as const }],
  ])
  const asked: (readonly string[])[] = []
  const tokenIds = ['n1', 'y2', 'none', 'y1', 'y99']
  const priced = await tokenPrices(tokenIds, {
    meaningsOf: async (ids) => {
      asked.push(ids)
      return ids.map((id) => meanings.get(id))
    },
    pricesOf: (ids) => cache.price.getMany(ids),
  })
  expect(asked).toEqual([tokenIds])
  expect(calls).toEqual([['1', '2', '99']])
  expect(priced).toMatchObject([
    { tokenId: 'n1', marketId: '1', buy: 0.51, sell: 0.49, spread: 0.02 },
    { tokenId: 'y2', marketId: '2', buy: 0.51, sell: 0.49, spread: 0.02 },
    undefined,
    { tokenId: 'y1', marketId: '1', outcome: 'yes' },
    undefined,
  ])
})

test('a price that was written is shown without asking the source again', async () => {
  await hold('1')
  await write(sampleQuote('1', { bid: 0.6, ask: 0.64, seq: 2 }))
  expect(await cache.price.get('1')).toMatchObject({ mid: 0.62, spread: 0.04, seq: 2 })
  expect(calls).toHaveLength(1)
})

test('an older quote never replaces a newer one, whatever the order of their arrival', async () => {
  await hold('1')
  await write(sampleQuote('1', { bid: 0.6, seq: 9 }))
  await write(sampleQuote('1', { bid: 0.3, seq: 8 }))
  expect(await cache.price.get('1')).toMatchObject({ bid: 0.6, seq: 9 })
})

test('a load that began before a write does not put the older price back', async () => {
  const early = cache.price.get('1')
  await write(sampleQuote('1', { bid: 0.6, seq: 9 }))
  await early
  await cache.settled()
  expect(await cache.price.get('1')).toMatchObject({ bid: 0.6, seq: 9 })
})

test('middle and spread are computed once and not at each read', async () => {
  await hold('1')
  const first = await cache.price.get('1')
  expect(await cache.price.get('1')).toBe(first)
  expect(first).toMatchObject({ mid: 0.5, spread: 0.02 })
})

test('a tick retires nothing of what is said about the market', async () => {
  await cache.market.get('1')
  await cache.settled()
  await write(sampleQuote('1', { bid: 0.6, ask: 0.64, seq: 2 }))
  expect(await cache.market.lookup('1')).toMatchObject({ from: 'memory' })
})

test('a price lives three minutes, and half a minute for ten after a trade', async () => {
  await hold('1', '2')
  const change = { userId: 7, positionId: 70, telegramId: 700, marketId: '1' }
  await announce({ cache, log }, { write: positionCreated, change })
  await cache.clock.advance(31_000)
  expect(await cache.price.lookup('1')).toMatchObject({ from: 'source' })
  await cache.clock.advance(120_000)
  expect(await cache.price.lookup('2')).toMatchObject({ from: 'memory' })
  await cache.clock.advance(30_000)
  expect(await cache.price.lookup('2')).toMatchObject({ from: 'source' })
})

test('a market without a price is asked for once, until it has one', async () => {
  await hold('99')
  expect(await cache.price.get('99')).toBeUndefined()
  expect(calls).toHaveLength(1)
  await write(sampleQuote('99'))
  expect(await cache.price.get('99')).toMatchObject({ seq: 1 })
})

test('more quotes than are told at once are all told', async () => {
  const quotes = Array.from({ length: 450 }, (_, index) => sampleQuote(`${index}`, { seq: 5 }))
  for (const quote of quotes) stored.set(quote.marketId, quote)
  await hold(...quotes.map(({ marketId }) => marketId))
  calls = []
  await write(...quotes.map((quote) => ({ ...quote, seq: 6 })))
  const shown = await cache.price.getMany(quotes.map(({ marketId }) => marketId))
  expect(shown.every((price) => price?.seq === 6)).toBe(true)
  expect(calls).toEqual([])
})

test('while the source fails, a price past its life is shown for ten minutes more', async () => {
  await hold('1')
  const fail = () => {
    throw new Error('the database is away')
  }
  stored.get = fail
  await cache.clock.advance(200_000)
  expect(await cache.price.lookup('1')).toMatchObject({ from: 'stale', why: 'sourceFailed' })
  await cache.price.invalidate('1')
  await expect(cache.price.get('1')).rejects.toThrow('the database is away')
})
