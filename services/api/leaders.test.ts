import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPostgres } from '../../test/servers/postgres.ts'
import { storeTrades } from '../indexer/repositories/trade-writes.ts'
import { watchedMax } from './repositories/leaders.ts'
import { type ApiStage, openApiStage } from './testing/api-stage.ts'
import { sampleMarket } from './testing/sample-data.ts'

let stage: ApiStage
const addresses = [1, 2, 3].map((place) => `0x${`${place}`.repeat(40)}`)

beforeAll(async () => {
  stage = await openApiStage(await startPostgres(), { markets: [sampleMarket('11')] })
  for (const [place, address] of addresses.entries()) {
    await stage.ask('/watched-addresses', { method: 'POST', body: { address } })
    const trade = {
      ...{ seq: place + 1, transactionHash: `0x${place}`, address, marketId: '11' },
      ...({ outcome: 'yes', side: 'buy', size: 10 * (place + 1), price: 0.2 } as const),
      tradedAt: '2026-07-10T12:00:00.000Z',
    }
    await stage.database.transaction((transaction) =>
      storeTrades(transaction, { address, trades: [trade], place: trade.seq }),
    )
  }
  await stage.api.cache.clear()
})
afterAll(() => stage.close())

const ask = async (path: string) => (await stage.ask(path)).body as Record<string, unknown>

test('the ranking is by profit, with shares at what they would bring now', async () => {
  const { leaders, total } = await ask('/leaderboard')
  expect(total).toBe(3)
  expect(leaders).toMatchObject([
    { rank: 1, address: addresses[2], trades: 1, volume: 6, profit: 8.7 },
    { rank: 2, address: addresses[1], profit: 5.8 },
    { rank: 3, address: addresses[0], profit: 2.9 },
  ])
})

test.each([
  ['/leaderboard', 'leaders', [addresses[1], addresses[0]]],
  ['/smart-trades', 'trades', [addresses[1], addresses[0]]],
  ['/watched-addresses', 'addresses', [addresses[1], addresses[2]]],
])('%s is paged, and all pages are one entry', async (path, field, expected) => {
  const loads = () => {
    const { leaderboard, smartTrades, watchedAddresses } = stage.api.cache.stats().families
    return [leaderboard, smartTrades, watchedAddresses].map((family) => family?.loads)
  }
  await ask(path)
  const before = loads()
  const page = await ask(`${path}?limit=2&offset=1`)
  expect((page[field] as { address: string }[]).map(({ address }) => address)).toEqual(expected)
  expect(page.total).toBe(3)
  expect(loads()).toEqual(before)
})

test('no more are watched than fit into one value', async () => {
  await stage.database.$client.query(
    `insert into watched_addresses (address, label)
     select '0x' || lpad(n::text, 40, '0'), 'x' from generate_series(1, ${watchedMax - 3}) n`,
  )
  const watch = (address: string) =>
    stage.ask('/watched-addresses', { method: 'POST', body: { address } })
  const refusal = { status: 409, code: 'too_many_addresses' }
  await expect(watch(`0x${'f'.repeat(40)}`)).rejects.toMatchObject(refusal)
  await expect(watch(addresses[0] ?? '')).resolves.toBeDefined()
})
