import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPostgres } from '../../test/servers/postgres.ts'
import { type Position, positionSchema } from '../domain/position.ts'
import type { HttpFault } from '../process/http-client.ts'
import { type ApiStage, openApiStage } from './testing/api-stage.ts'
import { sampleMarket, sampleQuote } from './testing/sample-data.ts'

let stage: ApiStage

beforeAll(async () => {
  const markets = ['11', '12', '13'].map((id, index) =>
    sampleMarket(id, { volume: 100 * (index + 1), liquidity: 100 - index }),
  )
  stage = await openApiStage(await startPostgres(), {
    markets: [...markets, sampleMarket('14', { isActive: false })],
  })
})
afterAll(() => stage.close())

const refusal = (
  path: string,
  body?: object,
): Promise<Pick<HttpFault, 'status' | 'code' | 'message'>> =>
  stage.ask(path, body === undefined ? {} : { method: 'POST', body }).then(
    () => Promise.reject(new Error('expected a refusal, got an answer')),
    (fault: HttpFault) => fault,
  )

async function buy(userId: number, changes: object = {}): Promise<Position> {
  const body = { user_id: userId, market_id: '11', outcome: 'yes', amount: 51, ...changes }
  return positionSchema.parse((await stage.ask('/positions', { method: 'POST', body })).body)
}

async function positionsOf(userId: number): Promise<unknown> {
  return (await stage.ask(`/positions/user/${userId}`)).body
}

describe('trading', () => {
  test('a purchase is paid at the price in the database and shown at once', async () => {
    const user = await stage.newUser()
    expect(await positionsOf(user.id)).toEqual({ positions: [] })
    const position = await buy(user.id)
    expect(position).toMatchObject({ entryPrice: 0.51, currentPrice: 0.49, size: 100 })
    expect(await positionsOf(user.id)).toEqual({ positions: [position] })
    expect((await stage.ask(`/users/${user.telegramId}`)).body).toMatchObject({ balance: 949 })
    expect((await stage.ask(`/positions/${position.id}`)).body).toEqual(position)
  })

  test('no is bought at the complement of the bid', async () => {
    const user = await stage.newUser()
    expect(await buy(user.id, { outcome: 'no', amount: 5.1 })).toMatchObject({
      entryPrice: 0.51,
      size: 10,
    })
  })

  test('a sale pays the bid, closes the position and can not be repeated', async () => {
    const user = await stage.newUser()
    const { id } = await buy(user.id)
    const { body } = await stage.ask(`/positions/${id}/close`, { method: 'POST' })
    expect(body).toMatchObject({ id, status: 'closed', exitPrice: 0.49 })
    expect(await positionsOf(user.id)).toEqual({ positions: [] })
    expect((await stage.ask(`/users/${user.telegramId}`)).body).toMatchObject({ balance: 998 })
    expect(await refusal(`/positions/${id}/close`, {})).toMatchObject({ status: 409 })
  })

  test('the same order twice is one position', async () => {
    const user = await stage.newUser()
    const order = { idempotency_key: 'once' }
    const positions = await Promise.all([buy(user.id, order), buy(user.id, order)])
    expect(positions[0]).toEqual(positions[1])
    expect(await positionsOf(user.id)).toEqual({ positions: [positions[0]] })
  })

  test('money is not spent twice by orders at the same time', async () => {
    const user = await stage.newUser()
    const orders = await Promise.allSettled([1, 2, 3].map(() => buy(user.id, { amount: 400 })))
    expect(orders.map((order) => order.status).sort()).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
    ])
  })

  test('a trade leaves the profile of its trader in the cache, the newest one', async () => {
    const user = await stage.newUser()
    await stage.api.cache.user.get(user.telegramId)
    await Promise.all([1, 2, 3, 4, 5].map(() => buy(user.id, { amount: 10 })))
    const { value, from } = await stage.api.cache.user.lookup(user.telegramId)
    expect([value?.balance, value?.revision]).toEqual([950, 5])
    expect(from).not.toBe('source')
  })

  test('limits are set, kept and removed one by one', async () => {
    const user = await stage.newUser()
    const { id } = await buy(user.id)
    const change = (body: object) => stage.ask(`/positions/${id}`, { method: 'PATCH', body })
    await change({ take_profit: 0.9, stop_loss: 0.1 })
    await change({ stop_loss: null })
    expect((await stage.ask(`/positions/${id}`)).body).toMatchObject({
      takeProfit: 0.9,
      stopLoss: null,
    })
    await expect(change({ stop_loss: 0.95 })).rejects.toMatchObject({ code: 'limits_crossed' })
    await expect(change({})).rejects.toMatchObject({ status: 400 })
  })

  test('synchronising follows the prices table', async () => {
    const user = await stage.newUser()
    const { id } = await buy(user.id, { market_id: '13' })
    await stage.quote(sampleQuote('13', { bid: 0.6, ask: 0.62, seq: 5 }))
    const sync = () => stage.ask('/positions/sync', { method: 'POST', body: { user_id: user.id } })
    expect((await sync()).body).toEqual({ updated: 1 })
    expect((await sync()).body).toEqual({ updated: 0 })
    expect((await stage.ask(`/positions/${id}`)).body).toMatchObject({ currentPrice: 0.6 })
  })

  test("another user's position can not be sold", async () => {
    const [owner, other] = [await stage.newUser(), await stage.newUser()]
    const { id } = await buy(owner.id)
    expect(await refusal(`/positions/${id}/close`, { user_id: other.id })).toMatchObject({
      status: 404,
    })
  })

  test.each([
    ['an unknown market', { market_id: '99' }, 404, 'market_not_found'],
    ['a closed market', { market_id: '14' }, 409, 'market_closed'],
    ['more than the balance', { amount: 5_000 }, 409, 'balance_too_low'],
    ['a negative amount', { amount: -5 }, 400, 'invalid_request'],
    ['an outcome that is none', { outcome: 'maybe' }, 400, 'invalid_request'],
  ])('%s is refused with a reason', async (_, changes, status, code) => {
    const user = await stage.newUser()
    const body = { user_id: user.id, market_id: '11', outcome: 'yes', amount: 1, ...changes }
    expect(await refusal('/positions', body)).toMatchObject({ status, code })
  })
})

describe('markets and prices', () => {
  test('lists are sorted, paged, and leave out what is closed', async () => {
    const page = async (query: string) => {
      const { body } = await stage.ask(`/markets?${query}`)
      return (body as { markets: { id: string }[] }).markets.map((market) => market.id)
    }
    expect(await page('order=volume')).toEqual(['13', '12', '11'])
    expect(await page('order=liquidity&limit=2')).toEqual(['11', '12'])
    expect(await page('order=volume&limit=2&offset=2')).toEqual(['11'])
    expect(await page('order=new')).toEqual(['11', '12', '13'])
    expect(await page('order=ending')).toEqual(['11', '12', '13'])
  })

  test('a batch answers in request order and names what is missing', async () => {
    const body = { market_ids: ['13', '99', '11', '13'] }
    const answer = await stage.ask('/markets/batch', { method: 'POST', body })
    expect(answer.body).toMatchObject({ markets: [{ id: '13' }, { id: '11' }], missing: ['99'] })
    const prices = await stage.ask('/prices/batch', { method: 'POST', body })
    expect(prices.body).toMatchObject({
      prices: [{ marketId: '13' }, { marketId: '11' }],
      missing: ['99'],
    })
  })

  test('a batch of more than 200 ids is refused readably', async () => {
    const body = { market_ids: Array.from({ length: 201 }, (_, id) => `${id}`) }
    const fault = await refusal('/markets/batch', body)
    expect(fault).toMatchObject({ status: 400, code: 'invalid_request' })
    expect(fault.message).toMatch(/market_ids.*200/)
  })

  test.each(['*', '..%2F', '%2A%3A%7B', '%F0%9F%98%80'.repeat(60), '%00'])(
    'the market id %s finds nothing and harms nothing',
    async (id) => {
      const { status } = await refusal(`/markets/${id}`)
      expect([400, 404]).toContain(status)
      expect((await stage.ask('/markets/11')).body).toMatchObject({ id: '11' })
    },
  )

  test('a condition id leads to its market', async () => {
    const { conditionId } = sampleMarket('12')
    const { body } = await stage.ask(`/markets/by-condition/${conditionId}`)
    expect(body).toEqual({ market_id: '12' })
  })

  test('a price carries middle, spread and sequence number', async () => {
    expect((await stage.ask('/prices/12')).body).toMatchObject({ mid: 0.5, spread: 0.02, seq: 1 })
    expect(await refusal('/prices/99')).toMatchObject({ status: 404, code: 'price_not_found' })
  })
})

describe('leaders', () => {
  const address = `0x${'ab'.repeat(20)}`

  test('a watched address is shown until it is forgotten', async () => {
    const user = await stage.newUser()
    const listed = async () => (await stage.ask('/watched-addresses')).body
    expect(await listed()).toEqual({ addresses: [], total: 0 })
    const body = { address, label: 'Whale', copy: { user_id: user.id, amount: 10 } }
    await stage.ask('/watched-addresses', { method: 'POST', body })
    const addresses = [{ address, label: 'Whale', copiers: 1 }]
    expect(await listed()).toEqual({ addresses, total: 1 })
    await stage.ask(`/watched-addresses/${address}`, { method: 'DELETE' })
    expect(await listed()).toEqual({ addresses: [], total: 0 })
    expect((await stage.ask('/leaderboard')).body).toEqual({ leaders: [], total: 0 })
    expect((await stage.ask('/smart-trades')).body).toEqual({ trades: [], total: 0 })
  })

  test('what is no wallet is refused', async () => {
    expect(await refusal('/watched-addresses', { address: '0x12' })).toMatchObject({ status: 400 })
  })
})

test('a token that is no token is refused readably', async () => {
  const headers = { 'x-staleproof-after': 'rubbish' }
  await expect(stage.ask('/positions/user/1', { headers })).rejects.toMatchObject({
    status: 400,
    code: 'invalid_request',
  })
})

test('health says ok, and unknown routes and users are 404', async () => {
  expect((await stage.ask('/health')).body).toEqual({ status: 'ok' })
  expect(await refusal('/nothing')).toMatchObject({ status: 404, code: 'no_such_route' })
  expect(await refusal('/users/123456789')).toMatchObject({ status: 404, code: 'user_not_found' })
})
