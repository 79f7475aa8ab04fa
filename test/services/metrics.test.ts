/** What a service tells at `/metrics`, beside what its admin API says of the same cache. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type ApiStage, openApiStage } from '../../services/api/testing/api-stage.ts'
import { sampleMarket } from '../../services/api/testing/sample-data.ts'
import { startPostgres } from '../servers/postgres.ts'

const adminToken = 'of-an-administrator-with-32-signs'
const metricsToken = 'of-whoever-scrapes'
const market = sampleMarket('517310')

let stage: ApiStage

beforeAll(async () => {
  stage = await openApiStage(await startPostgres(), {
    ...{ markets: [market], adminToken, metricsToken, poolMax: 3 },
  })
})
afterAll(() => stage.close())

const statsAnswer = z.object({
  stats: z.object({
    families: z.record(
      z.string(),
      z.object({ reads: z.record(z.string(), z.number()), loads: z.number() }),
    ),
  }),
})

async function asked(path: string, token: string): Promise<Response> {
  const headers = { authorization: `Bearer ${token}` }
  return fetch(`${stage.api.url}${path}`, { headers })
}

/** Series by their text. */
async function scraped(): Promise<ReadonlyMap<string, number>> {
  const lines = (await (await asked('/metrics', metricsToken)).text()).split('\n')
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  )
}

test('a scrape and the admin API agree on what the cache has counted', async () => {
  for (let read = 0; read < 5; read++) await stage.ask(`/markets/${market.id}`)
  await stage.api.cache.settled()

  const scrape = await scraped()
  const answer = statsAnswer.parse(await (await asked('/api/v1/cache/stats', adminToken)).json())

  const { reads, loads } = answer.stats.families.market ?? { reads: {}, loads: 0 }
  const told = (from: string, result: string) => {
    return scrape.get(`cache_gets_total{cache="market",result="${result}",served_by="${from}"}`)
  }
  expect(told('memory', 'hit')).toBe(reads.memory)
  expect(told('source', 'miss')).toBe(reads.source)
  expect(scrape.get('cache_loads_total{cache="market",outcome="ok"}')).toBe(loads)
  expect(loads).toBeGreaterThan(0)
})

test('requests are counted by route, queries and the pool are there', async () => {
  await stage.ask(`/markets/${market.id}`)
  const scrape = await scraped()
  const route = '{route="/markets/:marketId",method="GET"}'
  expect(scrape.get(`http_server_request_duration_seconds_count${route}`)).toBeGreaterThan(0)
  expect(scrape.get('db_query_duration_seconds_count')).toBeGreaterThan(0)
  expect(scrape.get('db_pool_max_connections')).toBe(3)
  expect([...scrape.keys()].filter((series) => series.includes(market.id))).toEqual([])
})

test('the token of metrics opens nothing else, and no other token opens them', async () => {
  const statuses = [
    await asked('/api/v1/cache/stats', metricsToken),
    await asked('/debug/caches', metricsToken),
    await asked('/metrics', adminToken),
    await asked('/metrics', ''),
  ].map(({ status }) => status)
  expect(statuses).toEqual([401, 401, 401, 401])
})
