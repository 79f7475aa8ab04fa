import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPostgres } from '../../test/servers/postgres.ts'
import type { Market } from '../domain/market.ts'
import { marketsImported } from '../domain/writes.ts'
import { importMarkets } from '../workers/repositories/market-writes.ts'
import { type ApiStage, openApiStage } from './testing/api-stage.ts'
import { sampleMarket } from './testing/sample-data.ts'

let stage: ApiStage
const market = (id: string, question: string, changes: Partial<Market> = {}) =>
  sampleMarket(id, { question, endsAt: null, ...changes })
const markets = [
  market('11', 'Boston Red Sox vs. New York Mets', { volume: 500 }),
  market('12', 'Will the Red Sox win the pennant?', { volume: 5_000 }),
  market('13', 'Will the Red Sox move?', { isActive: false }),
]

beforeAll(async () => {
  stage = await openApiStage(await startPostgres(), { markets })
})
afterAll(() => stage.close())

interface Found {
  readonly markets: readonly { readonly id: string }[]
  readonly total: number
}

async function search(query: string, headers: Record<string, string> = {}): Promise<Found> {
  return (await stage.ask(`/markets/search?${query}`, { headers })).body as Found
}

const idsOf = ({ markets: found }: Found) => found.map(({ id }) => id)

function imported(rows: readonly Market[]) {
  return stage.database.transaction((transaction) => importMarkets(transaction, rows))
}

test('active markets are found by words, with what was searched and from how many', async () => {
  const found = await search('q=RED%20sox')
  expect(found).toMatchObject({ query: 'red sox', total: 2, markets_searched: 2 })
  expect(found).toHaveProperty('computed_at')
  expect(idsOf(found)).toEqual(['12', '11'])
  expect(idsOf(await search('q=red%20sox&limit=1&offset=1'))).toEqual(['11'])
  expect(idsOf(await search('q=lakers'))).toEqual([])
})

test('the database answers the same as the cache', async () => {
  const past = { 'cache-control': 'no-cache' }
  expect(idsOf(await search('q=red%20soxx', past))).toEqual(idsOf(await search('q=red%20soxx')))
})

test.each(['q=', 'q=%3F%21', 'limit=5', 'q=a&limit=51', `q=${'a'.repeat(201)}`])(
  '%s is refused readably',
  async (query) => {
    await expect(search(query)).rejects.toMatchObject({ status: 400, code: 'invalid_request' })
  },
)

test('an import says of each market whether searches may answer otherwise', async () => {
  const changes = await imported([
    { ...market('11', 'Boston Red Sox vs. New York Mets'), volume: 600 },
    { ...market('12', 'Will the Red Sox win the pennant?'), volume: 50_000 },
    { ...market('13', 'Will the Red Sox stay?'), isActive: false },
    market('14', 'Will the Red Sox trade?'),
  ])
  const byId = Object.fromEntries(changes.map((change) => [change.id, change.changesSearch]))
  expect(byId).toEqual({ 11: false, 12: true, 13: false, 14: true })
  expect(marketsImported.tags?.(changes)).toContain('searchable')
  await stage.api.cache.invalidateTag('searchable')
  expect(idsOf(await search('q=red%20sox'))).toEqual(['12', '14', '11'])
})
