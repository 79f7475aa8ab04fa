import { once } from 'node:events'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { type MarketMessage, marketMessageSchema, marketSchema } from './client-types.ts'
import { openUpstream, type Upstream } from './server.ts'
import { BAD_MESSAGE, SLOW_CLIENT } from './subscriber.ts'

const adminToken = 'control-token'
const frameSchema = z.union([z.array(marketMessageSchema), marketMessageSchema])
let upstream: Upstream
let clients: WebSocket[]

beforeEach(async () => {
  clients = []
  upstream = await openUpstream({ port: 0, adminToken, isPaused: true, bufferBytesMax: 256 * 1024 })
})
afterEach(async () => {
  for (const client of clients) client.terminate()
  await upstream.close()
})

async function connect(): Promise<{ client: WebSocket; received: MarketMessage[] }> {
  const client = new WebSocket(upstream.wsUrl)
  clients.push(client)
  const received: MarketMessage[] = []
  client.on('message', (data) => {
    const text = String(data)
    if (text !== 'PONG') received.push(...[frameSchema.parse(JSON.parse(text))].flat())
  })
  await once(client, 'open')
  return { client, received }
}

/** Sends, and waits until the server has handled all of it: it answers in order. */
async function say(client: WebSocket, message: object): Promise<void> {
  client.send(JSON.stringify(message))
  await roundTrip(client)
}

async function roundTrip(client: WebSocket): Promise<void> {
  const pong = new Promise<void>((resolve) => {
    const onMessage = (data: unknown) => {
      if (String(data) !== 'PONG') return
      client.off('message', onMessage)
      resolve()
    }
    client.on('message', onMessage)
  })
  client.send('PING')
  await pong
}

async function tick(count: number): Promise<void> {
  await fetch(`${upstream.url}/control/tick`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ count }),
  })
}

async function droppedCount(): Promise<number> {
  const health = z.object({ clients: z.object({ dropped: z.number() }) })
  const headers = { authorization: `Bearer ${adminToken}` }
  const response = await fetch(`${upstream.url}/debug/health`, { headers })
  return health.parse(await response.json()).clients.dropped
}

async function busiest() {
  const response = await fetch(`${upstream.url}/markets?limit=1&order=volume`)
  const [market] = z.array(marketSchema).parse(await response.json())
  if (market === undefined) throw new Error('expected a market')
  return market
}

test('sends the book of a token when it is subscribed to, and only once', async () => {
  const { client, received } = await connect()
  const [token] = (await busiest()).clobTokenIds

  await say(client, { type: 'market', assets_ids: [token] })
  await say(client, { operation: 'subscribe', assets_ids: [token] })

  expect(received).toHaveLength(1)
  expect(received[0]).toMatchObject({ event_type: 'book', asset_id: token })
})

test('tells what changes, in an order that never falls', async () => {
  const { client, received } = await connect()
  await say(client, { type: 'market' })
  const books = received.length

  for (let moment = 0; moment < 20; moment += 1) {
    await tick(1)
    await roundTrip(client)
  }

  const news = received.slice(books)
  expect(books).toBe(347 * 2)
  expect(new Set(news.map(({ event_type }) => event_type))).toEqual(
    new Set(['best_bid_ask', 'price_change', 'last_trade_price']),
  )
  const seqs = news.map(({ seq }) => seq)
  expect(seqs).toEqual([...seqs].sort((a, b) => a - b))
})

test('tells nothing of tokens that are not followed, or no longer', async () => {
  const { client, received } = await connect()
  const [token] = (await busiest()).clobTokenIds
  await say(client, { type: 'market', assets_ids: [token] })
  await tick(30)
  await roundTrip(client)
  const followed = received.splice(0)

  await say(client, { operation: 'unsubscribe', assets_ids: [token] })
  await tick(30)
  await roundTrip(client)

  const tokens = followed.flatMap((message) => ('asset_id' in message ? [message.asset_id] : []))
  expect(followed.length).toBeGreaterThan(3)
  expect(new Set(tokens)).toEqual(new Set([token]))
  expect(received).toEqual([])
})

test('drops a client that does not read, and says why', async () => {
  const { client } = await connect()
  await say(client, { type: 'market' })
  const closed = once(client, 'close')

  client.pause()
  for (let round = 0; round < 200 && (await droppedCount()) === 0; round += 1) await tick(3)
  client.resume()

  expect((await closed)[0]).toBe(SLOW_CLIENT)
  expect(await droppedCount()).toBe(1)
})

test('closes on what is no subscription', async () => {
  const { client } = await connect()
  const closed = once(client, 'close')

  client.send('{"assets_ids": 7}')

  expect((await closed)[0]).toBe(BAD_MESSAGE)
})
