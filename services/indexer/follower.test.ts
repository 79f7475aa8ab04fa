import Fastify from 'fastify'
import { openCache } from 'staleproof'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startPostgres } from '../../test/servers/postgres.ts'
import { addMarkets, sampleMarket } from '../api/testing/sample-data.ts'
import { type Database, openDatabase } from '../database/connection.ts'
import { migrate } from '../database/migrate.ts'
import { trades } from '../database/schema.ts'
import { transactor } from '../database/transact.ts'
import { catalog } from '../domain/catalog.ts'
import { Closing } from '../process/closing.ts'
import { silentLogger } from '../process/logger.ts'
import { providerAt } from '../process/provider-quota.ts'
import type { UpstreamTrade } from '../upstream/client-types.ts'
import type { FollowOptions } from './address-trades.ts'
import { Follower } from './follow.ts'
import { tokenMeanings } from './repositories/token-meanings.ts'

const closing = new Closing()
const signal = new AbortController().signal
const [alice, bob, carol] = ['a', 'b', 'c'].map((letter) => `0x${letter.repeat(40)}`) as [
  string,
  string,
  string,
]

/** What the provider has, and what it was asked. */
const ledger: Partial<UpstreamTrade>[] = []
const asked: string[] = []
const woken: string[] = []
let database: Database
let options: FollowOptions
let follower: Follower

beforeAll(async () => {
  const server = await startPostgres()
  closing.add(() => server.stop())
  database = openDatabase({ databaseUrl: server.url, log: silentLogger(), closing })
  await migrate(database)
  await addMarkets(database, [sampleMarket('11')])
  const cache = await openCache(catalog, {
    service: 'indexer',
    sources: { tokenMeaning: { many: (ids) => tokenMeanings(database, ids) } },
  })
  closing.add(() => cache.close())
  const provider = providerAt(await openProvider(), cache)
  const wake = (channel: string) => woken.push(channel)
  const transact = transactor(database)
  options = { cache, database, transact, log: silentLogger(), provider, wake }
})
afterAll(() => closing.close())

beforeEach(async () => {
  await database.$client.query('truncate trades, indexer_places cascade')
  for (const list of [ledger, asked, woken]) list.length = 0
  follower = new Follower(options)
})

/** `/trades` as the provider has it. */
async function openProvider(): Promise<string> {
  const app = Fastify()
  closing.add(() => app.close())
  app.get('/trades', async (request) => {
    asked.push(request.url)
    const { user, since, limit } = request.query as Record<string, string | undefined>
    const own = ledger.filter((trade) => user === undefined || trade.proxyWallet === user)
    const count = Number(limit)
    if (since === undefined) return own.slice(-count).reverse()
    return own.filter(({ seq }) => seq === undefined || seq > Number(since)).slice(0, count)
  })
  return app.listen({ host: '127.0.0.1', port: 0 })
}

function trade(address: string, seq: number, asset = '111'): void {
  ledger.push({
    seq,
    proxyWallet: address,
    side: 'BUY',
    asset,
    conditionId: '0x1',
    marketId: '11',
    size: 10,
    price: 0.5,
    timestamp: Math.floor(Date.now() / 1_000),
    title: '',
    slug: '',
    eventSlug: '',
    outcome: 'Yes',
    outcomeIndex: 0,
    transactionHash: `0x${seq}`,
  })
}

async function stored(): Promise<string[]> {
  const rows = await database.select().from(trades).orderBy(trades.seq)
  return rows.map(
    (row) => `${row.address === alice ? 'alice' : row.address === bob ? 'bob' : '?'} ${row.seq}`,
  )
}

const round = (...watched: string[]) => follower.round(new Set(watched), signal)

test('a round is one request, whatever the number of watched addresses', async () => {
  const many = Array.from({ length: 30 }, (_, place) => `0x${place.toString(16).padStart(40, '0')}`)
  await round(alice, bob, ...many)
  await round(alice, bob, ...many)
  asked.length = 0
  trade(alice, 1)
  trade(carol, 2)
  trade(bob, 3)
  await round(alice, bob, ...many)
  expect(await stored()).toEqual(['alice 1', 'bob 3'])
  expect(asked).toHaveLength(1)
  expect(woken).toEqual([`copy_trade:${alice}`, `copy_trade:${bob}`])
})

test('a round in which nobody watched has traded asks neither database nor cache', async () => {
  await round(alice)
  trade(carol, 1)
  const { queries } = database.$client.use
  await round(alice)
  expect(database.$client.use.queries).toBe(queries)
})

test('whoever is new is read from the beginning, and misses nothing afterwards', async () => {
  trade(alice, 1)
  trade(bob, 2)
  await round(alice)
  trade(bob, 3)
  await round(alice)
  await round(alice, bob)
  trade(bob, 4)
  await round(alice, bob)
  expect(await stored()).toEqual(['alice 1', 'bob 2', 'bob 3', 'bob 4'])
})

test('whoever was forgotten for a while misses nothing, and nothing comes twice', async () => {
  await round(alice, bob)
  trade(bob, 1)
  await round(alice, bob)
  await round(alice)
  trade(bob, 2)
  await round(alice)
  await round(alice, bob)
  follower = new Follower(options)
  await round(alice, bob)
  expect(await stored()).toEqual(['bob 1', 'bob 2'])
})

test('a trade that is not understood yet holds up its own address only', async () => {
  await round(alice, bob)
  trade(alice, 1, '121')
  trade(alice, 2)
  trade(bob, 3)
  await round(alice, bob)
  expect(await stored()).toEqual(['bob 3'])
  await addMarkets(database, [sampleMarket('12')])
  await options.cache.tokenMeaning.invalidate('121')
  await round(alice, bob)
  expect(await stored()).toEqual(['alice 1', 'alice 2', 'bob 3'])
})

test('more trades than a page are read in one round', async () => {
  await round(alice)
  for (let seq = 1; seq <= 450; seq += 1) trade(seq % 2 === 0 ? alice : carol, seq)
  await round(alice)
  expect(await stored()).toHaveLength(225)
})

/** A full page that nobody can use, of which only the places can be read. */
function rubbish(address: string, firstSeq: number): void {
  for (let seq = firstSeq; seq < firstSeq + 200; seq += 1)
    ledger.push({ seq, proxyWallet: address })
}

test('a page of the feed that can not be used is passed over', async () => {
  await round(alice)
  rubbish(carol, 1)
  trade(alice, 201)
  await round(alice)
  expect(await stored()).toEqual(['alice 201'])
})

test('a page of an address that can not be used is passed over', async () => {
  rubbish(alice, 1)
  trade(alice, 201)
  await round(alice)
  await round(alice)
  expect(await stored()).toEqual(['alice 201'])
})

test('a page without a single place stops the round and says so', async () => {
  await round(alice)
  for (let row = 0; row < 200; row += 1) ledger.push({ proxyWallet: carol })
  await expect(round(alice)).rejects.toThrow('got 200 without')
})

test.each<[string, Partial<UpstreamTrade>]>([
  ['a price above 1', { price: 1_000 }],
  ['a size of more digits than the column has', { size: 1e13 }],
  ['a time after the year 9999', { timestamp: 1e16 }],
  ['a hash with a NUL', { transactionHash: 'a\u0000' }],
  ['a token that is too long for a key', { asset: '1'.repeat(2_000) }],
])('a trade with %s is passed over, in the feed and by itself', async (_, change) => {
  trade(alice, 1)
  Object.assign(ledger.at(-1) ?? {}, change)
  trade(alice, 2)
  await round(alice)
  trade(alice, 3)
  Object.assign(ledger.at(-1) ?? {}, change)
  trade(alice, 4)
  await round(alice)
  expect(await stored()).toEqual(['alice 2', 'alice 4'])
})

test('a place that lies years ahead is none, and what comes after is read', async () => {
  await round(alice)
  trade(alice, 1)
  trade(alice, Number.MAX_SAFE_INTEGER)
  await round(alice)
  ledger.splice(-1)
  trade(alice, 2)
  await round(alice)
  expect(await stored()).toEqual(['alice 1', 'alice 2'])
})
