import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import {
  bookSchema,
  eventSchema,
  leaderSchema,
  marketSchema,
  priceSchema,
  tradeSchema,
} from './client-types.ts'
import { openUpstream, type Upstream } from './server.ts'

const adminToken = 'control-token'
let upstream: Upstream

beforeEach(async () => {
  upstream = await openUpstream({ port: 0, adminToken, isPaused: true })
})
afterEach(async () => {
  await upstream.close()
})

async function get<Schema extends z.ZodType>(path: string, schema: Schema) {
  const response = await fetch(`${upstream.url}${path}`)
  return schema.parse(await response.json())
}

async function control(action: string, body: object = {}): Promise<Response> {
  return fetch(`${upstream.url}/control/${action}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

const markets = (query: string) => get(`/markets?${query}`, z.array(marketSchema))

test('lists markets in pages that join without overlap', async () => {
  const all = await markets('limit=500&order=volume')
  const pages = [
    ...(await markets('limit=200&order=volume')),
    ...(await markets('limit=200&offset=200&order=volume')),
  ]

  expect(all).toHaveLength(347)
  expect(pages.map(({ id }) => id)).toEqual(all.map(({ id }) => id))
})

test.each([
  ['volume', (row: z.output<typeof marketSchema>) => -row.volume24hr],
  ['liquidity', (row: z.output<typeof marketSchema>) => -row.liquidity],
  ['new', (row: z.output<typeof marketSchema>) => -Date.parse(row.createdAt ?? '')],
  ['ending', (row: z.output<typeof marketSchema>) => Date.parse(row.endDate ?? '')],
])('orders markets by %s', async (order, rankOf) => {
  const ranks = (await markets(`limit=500&order=${order}`)).map(rankOf)

  expect(ranks.length).toBeGreaterThan(300)
  expect(ranks).toEqual([...ranks].sort((a, b) => a - b))
})

test('lists as ending only what has not ended', async () => {
  const [first] = await markets('limit=1&order=ending')

  expect(Date.parse(first?.endDate ?? '')).toBeGreaterThan(Date.now())
})

test('finds a market by id and by condition', async () => {
  const [market] = await markets('limit=1&order=volume')

  expect(await get(`/markets/${market?.id}`, marketSchema)).toEqual(market)
  expect(await markets(`condition_ids=${market?.conditionId}`)).toEqual([market])
})

test('says that it does not know a market, and that a request is wrong', async () => {
  const unknown = await fetch(`${upstream.url}/markets/0`)
  const wrong = await fetch(`${upstream.url}/markets?order=price`)

  expect([unknown.status, wrong.status]).toEqual([404, 400])
})

test('groups every market into exactly one event', async () => {
  const events = await get('/events?limit=500', z.array(eventSchema))

  const grouped = events.flatMap((event) => event.markets.map(({ id }) => id))
  expect(new Set(grouped).size).toBe(347)
  expect(grouped).toHaveLength(347)
  expect(events.some((event) => event.markets.length > 10)).toBe(true)
})

test('moves prices by one recorded moment at each tick', async () => {
  await control('tick')
  const response = z
    .object({ moved: z.array(z.string()) })
    .parse(await (await control('tick')).json())
  const ids = response.moved.slice(0, 20)
  const before = await get(`/prices?market_ids=${ids.join(',')}`, z.array(priceSchema))

  for (let index = 0; index < 10; index += 1) await control('tick')
  const after = await get(`/prices?market_ids=${ids.join(',')}`, z.array(priceSchema))

  expect(before).toHaveLength(20)
  expect(after.map(({ market_id }) => market_id)).toEqual(ids)
  expect(after.some((price, index) => price.seq > (before[index]?.seq ?? 0))).toBe(true)
  expect(after.every((price, index) => price.seq >= (before[index]?.seq ?? 0))).toBe(true)
})

test('shows the best bid and ask in the book of a token', async () => {
  const [market] = await markets('limit=1&order=volume')
  const book = await get(`/book?token_id=${market?.clobTokenIds[0]}`, bookSchema)

  expect(Math.max(...book.bids.map(({ price }) => price))).toBeCloseTo(market?.bestBid ?? 0)
  expect(Math.min(...book.asks.map(({ price }) => price))).toBeCloseTo(market?.bestAsk ?? 0)
})

test('lets a leader trade now and shows it to who asks after the last known trade', async () => {
  const [leader] = await get('/leaders', z.array(leaderSchema))
  const wallet = leader?.proxyWallet ?? ''
  const [market] = await markets('limit=1&order=volume')
  const [last] = await get(`/trades?user=${wallet}&limit=1`, z.array(tradeSchema))

  const response = await control('trade', { wallet, marketId: market?.id, size: 25 })
  const news = await get(`/trades?user=${wallet}&since=${last?.seq}`, z.array(tradeSchema))

  expect(response.status).toBe(200)
  expect(news).toHaveLength(1)
  expect(news[0]).toMatchObject({
    proxyWallet: wallet,
    marketId: market?.id,
    side: 'BUY',
    size: 25,
  })
  expect(news[0]?.price).toBeCloseTo(market?.bestAsk ?? 0)
})

test('refuses to sell for a leader what the leader does not hold', async () => {
  const [leader] = await get('/leaders', z.array(leaderSchema))
  const held = await get(`/trades?user=${leader?.proxyWallet}&limit=500`, z.array(tradeSchema))
  const all = await markets('limit=500&order=volume')
  const untouched = all.find(({ id }) => held.every(({ marketId }) => marketId !== id))

  const order = { wallet: leader?.proxyWallet, marketId: untouched?.id, side: 'SELL' }
  const response = await control('trade', order)

  expect(response.status).toBe(422)
})

test('makes trades of its own while the tape runs', async () => {
  const [last] = await get('/trades?limit=1', z.array(tradeSchema))

  await control('tick', { count: 20 })
  const news = await get(`/trades?since=${last?.seq}`, z.array(tradeSchema))

  expect(news.length).toBeGreaterThan(5)
  expect(news.every(({ price }) => price > 0 && price < 1)).toBe(true)
})

test('opens the control only to the administrator', async () => {
  const refused = await fetch(`${upstream.url}/control/tick`, { method: 'POST' })
  const open = await openUpstream({ port: 0, isPaused: true })
  const absent = await fetch(`${open.url}/control/tick`, { method: 'POST' })
  await open.close()

  expect([refused.status, absent.status]).toEqual([401, 404])
})

test('replays a folder of other files and shows what it left out', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'upstream-'))
  const row = { id: '5', slug: 'will-it-rain', question: 'Rain?', outcomePrices: '["0.3","0.7"]' }
  await writeFile(join(folder, 'markets.jsonl'), `${JSON.stringify(row)}\n{}\n`)
  const other = await openUpstream({ port: 0, adminToken, isPaused: true, dataFolder: folder })

  const headers = { authorization: `Bearer ${adminToken}` }
  const health = await (await fetch(`${other.url}/debug/health`, { headers })).json()
  const listed = await (await fetch(`${other.url}/markets`)).json()
  await other.close()
  await rm(folder, { recursive: true })

  expect(health).toMatchObject({ markets: 1, files: [{ used: 1, skipped: 1 }] })
  expect(listed).toMatchObject([{ id: '5', outcomePrices: '["0.3","0.7"]' }])
})

test('lets a market without quotes move as a recorded one does', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'upstream-'))
  const rows = Array.from({ length: 20 }, (_, index) => ({
    id: String(index),
    slug: `market-${index}`,
    question: 'Rain?',
    bestBid: 0.3,
    bestAsk: 0.32,
  }))
  await writeFile(join(folder, 'm.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'))
  const other = upstream
  upstream = await openUpstream({ port: 0, adminToken, isPaused: true, dataFolder: folder })
  await other.close()

  await control('tick', { count: 60 })
  const moved = (await markets('limit=20')).filter(({ bestBid }) => bestBid !== 0.3)
  await rm(folder, { recursive: true })

  expect(moved.length).toBeGreaterThan(5)
  for (const { bestBid = 0, bestAsk = 0 } of moved) expect(bestAsk - bestBid).toBeLessThan(0.021)
})

test('does not start on a folder without a usable market', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'upstream-'))

  await expect(openUpstream({ port: 0, dataFolder: folder })).rejects.toThrow(folder)
  await rm(folder, { recursive: true })
})
