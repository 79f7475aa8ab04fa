// What becomes of a batch of which the database refuses a quote: of all the others, nothing.
import { openCache } from 'staleproof'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../../test/servers/eventually.ts'
import { startPostgres } from '../../test/servers/postgres.ts'
import { pricesByIds } from '../api/repositories/prices.ts'
import { addMarkets, sampleMarket, sampleQuote } from '../api/testing/sample-data.ts'
import { type Database, openDatabase } from '../database/connection.ts'
import { migrate } from '../database/migrate.ts'
import { transactor } from '../database/transact.ts'
import { catalog, type PolycoolFamilies } from '../domain/catalog.ts'
import type { Quote } from '../domain/price.ts'
import { Closing } from '../process/closing.ts'
import { openLogger } from '../process/logger.ts'
import { PriceWriter } from './price-writer.ts'

const marketIds = Array.from({ length: 9 }, (_, place) => `1${place}`)
const closing = new Closing()
const lines: string[] = []
let database: Database
let writer: PriceWriter
let written: string[]

beforeAll(async () => {
  const server = await startPostgres()
  closing.add(() => server.stop())
  const log = openLogger('workers', 'warn', { write: (line) => lines.push(line) })
  database = openDatabase({ databaseUrl: server.url, log, closing })
  await migrate(database)
  await addMarkets(
    database,
    marketIds.map((id) => sampleMarket(id)),
  )
  const cache = await openCache<PolycoolFamilies>(catalog, { service: 'workers' })
  closing.add(() => cache.close())
  const onWritten = (ids: readonly string[]) => written.push(...ids)
  written = []
  const transact = transactor(database)
  writer = new PriceWriter({ cache, transact, log, batchMs: 5, onWritten })
})
afterAll(() => closing.close())

const refused: Partial<Quote>[] = [{ bid: 7 }, { quotedAt: '0000-01-01T00:00:00.000Z' }]

test.each(refused)(
  'a quote with %o is dropped and told once, the others are written',
  async (bad) => {
    const seq = written.length + 10
    written.length = 0
    lines.length = 0
    const dropped = writer.dropped
    writer.add(marketIds.map((id) => sampleQuote(id, { seq, ...(id === '14' ? bad : {}) })))
    const others = marketIds.filter((id) => id !== '14')
    await eventually(
      'all are dealt with',
      () => writer.dropped === dropped + 1 && written.length === 8,
    )
    expect(written.toSorted()).toEqual(others)
    expect((await pricesByIds(database, others)).map((price) => price?.seq)).toEqual(
      others.map(() => seq),
    )
    expect(lines.filter((line) => line.includes('quotes dropped'))).toHaveLength(1)
    expect(lines).toHaveLength(1)
  },
)

test('a dropped quote keeps no later one from its place, and no writer from closing', async () => {
  const { dropped } = writer
  writer.add([sampleQuote('14', { seq: 100, bid: 7 })])
  await eventually('it is dropped', () => writer.dropped === dropped + 1)
  writer.add([sampleQuote('14', { seq: 101, bid: 0.2 }), sampleQuote('15', { seq: 101, bid: 7 })])
  await writer.close()
  expect(await pricesByIds(database, ['14'])).toMatchObject([{ seq: 101, bid: 0.2 }])
})
