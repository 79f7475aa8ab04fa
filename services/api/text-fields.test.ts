// What callers write is text that the database and the cache can hold as it is, or it is refused.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPostgres } from '../../test/servers/postgres.ts'
import { type ApiStage, openApiStage } from './testing/api-stage.ts'
import { sampleMarket } from './testing/sample-data.ts'

const wallet = `0x${'ab'.repeat(20)}`

let stage: ApiStage
let userId: number

beforeAll(async () => {
  stage = await openApiStage(await startPostgres(), { markets: [sampleMarket('11')] })
  userId = (await stage.newUser()).id
})
afterAll(() => stage.close())

async function statusOf(path: string, body: object): Promise<number> {
  const headers = { 'content-type': 'application/json' }
  const init = { method: 'POST', headers, body: JSON.stringify(body) }
  return (await fetch(stage.api.url + path, init)).status
}

const purchase = (changes: object) => {
  return { user_id: userId, market_id: '11', outcome: 'yes', amount: 5, ...changes }
}

const fields: readonly [string, string, (text: string) => object][] = [
  ['the name of a user', '/users', (name) => ({ telegram_id: 7, name })],
  ['the key of an order', '/positions', (text) => purchase({ idempotency_key: text })],
  ['a market', '/positions', (text) => purchase({ market_id: text })],
  ['a label', '/watched-addresses', (label) => ({ address: wallet, label })],
]

test.each(fields)('%s is well-formed, or refused', async (_, path, bodyOf) => {
  for (const text of ['a\0b', 'x\ud800', '\udc00x']) {
    expect(await statusOf(path, bodyOf(text))).toBe(400)
  }
})

test.each([
  '/markets/%00',
  '/markets/search?q=a%00b',
  '/markets/by-condition/%00',
  '/markets?order=%00',
])('%s is refused', async (path) => {
  expect((await fetch(stage.api.url + path)).status).toBe(400)
})

test('emoji are text, and two keys are two orders', async () => {
  for (const key of ['😀', '😁']) {
    expect(await statusOf('/positions', purchase({ idempotency_key: key }))).toBe(201)
  }
  const { body } = await stage.ask(`/positions/user/${userId}`)
  expect(body).toMatchObject({ positions: [{ marketId: '11' }, { marketId: '11' }] })
})

test('nobody buys for less than a cent', async () => {
  expect(await statusOf('/positions', purchase({ amount: 1e-9 }))).toBe(400)
  expect(await statusOf('/positions', purchase({ amount: 0.009 }))).toBe(400)
  expect(await statusOf('/positions', purchase({ amount: 0.01 }))).toBe(201)
})
