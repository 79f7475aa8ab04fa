import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPostgres } from '../../../test/servers/postgres.ts'
import { marketsByIds } from '../../api/repositories/markets.ts'
import { pricesByIds } from '../../api/repositories/prices.ts'
import { addMarkets, sampleMarket, sampleQuote } from '../../api/testing/sample-data.ts'
import { type Database, openDatabase } from '../../database/connection.ts'
import { migrate } from '../../database/migrate.ts'
import { Closing } from '../../process/closing.ts'
import { silentLogger } from '../../process/logger.ts'
import { importMarkets } from './market-writes.ts'
import { writeQuotes } from './price-writes.ts'

let database: Database
const closing = new Closing()
const markets = ['11', '12'].map((id) => sampleMarket(id))

beforeAll(async () => {
  const server = await startPostgres()
  closing.add(() => server.stop())
  database = openDatabase({ databaseUrl: server.url, log: silentLogger(), closing })
  await migrate(database)
  await addMarkets(database, markets)
})
afterAll(() => closing.close())

test('an older or equal quote never replaces a newer one', async () => {
  const write = async (quotes: Parameters<typeof writeQuotes>[1]) => {
    const written = await database.transaction((transaction) => writeQuotes(transaction, quotes))
    return written.map(({ marketId }) => marketId)
  }
  expect(await write([sampleQuote('11', { seq: 5, bid: 0.3 })])).toEqual(['11'])
  const mixed = [sampleQuote('11', { seq: 4, bid: 0.1 }), sampleQuote('12', { seq: 2 })]
  expect(await write(mixed)).toEqual(['12'])
  expect(await write([sampleQuote('11', { seq: 5, bid: 0.2 })])).toEqual([])
  expect(await pricesByIds(database, ['12', '11', '99'])).toMatchObject([
    { seq: 2 },
    { seq: 5, bid: 0.3 },
    undefined,
  ])
})

test('a quote of a market that nobody has imported keeps no other from being written', async () => {
  const quotes = [sampleQuote('99', { seq: 20 }), sampleQuote('11', { seq: 20 })]
  const written = await database.transaction((transaction) => writeQuotes(transaction, quotes))
  expect(written.map(({ marketId }) => marketId)).toEqual(['11'])
})

test('more quotes than a statement has parameters are written together', async () => {
  const many = Array.from({ length: 20_000 }, (_, place) => sampleQuote(`none-${place}`))
  const quotes = [...many, sampleQuote('12', { seq: 30 })]
  const written = await database.transaction((transaction) => writeQuotes(transaction, quotes))
  expect(written.map(({ marketId }) => marketId)).toEqual(['12'])
})

test('an import writes only what differs', async () => {
  const [first, second] = [sampleMarket('11'), sampleMarket('12', { question: 'Another?' })]
  const again = { ...first, endsAt: markets[0]?.endsAt ?? null }
  const changes = await database.transaction((transaction) =>
    importMarkets(transaction, [again, { ...second, endsAt: markets[1]?.endsAt ?? null }]),
  )
  expect(changes.map((change) => change.id)).toEqual(['12'])
  expect(await marketsByIds(database, ['12'])).toMatchObject([{ question: 'Another?' }])
})
