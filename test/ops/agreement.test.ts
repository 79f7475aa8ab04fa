/** What is counted is counted once: whoever is asked, when all is quiet they say the same. */

import { apiBase } from 'staleproof/ops'
import { openMetrics } from 'staleproof/prometheus'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWithRedis, startRedis, type TestRedis } from '../servers/redis.ts'
import { openWorld, tokenOf, type World } from './world.ts'

const scrapeToken = 'scrape-token-0123456789abcdef0123456789'

describeWithRedis('with a Redis', () => {
  let redis: TestRedis
  let world: World
  let other: World
  let metrics: ReturnType<typeof openMetrics>
  let otherMetrics: typeof metrics
  beforeAll(async () => {
    redis = await startRedis()
    const shared = { redisUrl: redis.url, namespace: 'shop' }
    let text = async () => ''
    const render = () => text()
    world = await openWorld({ ...shared, metrics: { render, token: scrapeToken } })
    other = await openWorld(shared)
    metrics = openMetrics(world.cache)
    otherMetrics = openMetrics(other.cache)
    text = () => metrics.metrics()
  })
  afterAll(async () => {
    metrics.close()
    otherMetrics.close()
    await other.close()
    await world.close()
    await redis.stop()
  })

  test('stats, the API, a scrape and the overview agree when traffic has stopped', async () => {
    await traffic()
    await Promise.all([world.cache.settled(), other.cache.settled()])
    const { families } = world.cache.stats()
    const { body } = await world.json('/stats')
    expect(body.stats.families).toEqual(JSON.parse(JSON.stringify(families)))
    const scraped = await scrape()
    for (const [family, { reads, loads, invalidations }] of Object.entries(families)) {
      for (const [from, count] of Object.entries(reads)) {
        expect(scraped.reads(family, from), `${family} from ${from}`).toBe(count)
      }
      expect(scraped.loads(family), `loads of ${family}`).toBe(loads)
      expect(invalidations, family).toBe(family === 'market' ? 20 : 0)
    }
  })

  test('the overview and families are the sum of all processes', async () => {
    const own = await world.json('/stats')
    const others = await other.json('/stats')
    const loads = (answer: typeof own, family: string) => answer.body.stats.families[family].loads
    const sum = loads(own, 'market') + loads(others, 'market')
    // What another process tells is at most five seconds old.
    await expect
      .poll(async () => (await world.json('/families/market')).body.family.totals.loads, {
        timeout: 15_000,
      })
      .toBe(sum)
    const { family } = (await world.json('/families/market')).body
    expect(family.totals.joined).toBeGreaterThan(0)
    expect(family.hitRatio).toBeCloseTo(await scrapedRatio('market'))
    const { totals, processes } = (await world.json('/overview')).body
    expect(processes).toBe(2)
    expect(totals.loads).toBe(sum + loads(own, 'positions') + loads(others, 'positions'))
  })

  async function traffic(): Promise<void> {
    for (let round = 0; round < 20; round++) {
      const id = String(round % 7)
      await Promise.all([1, 2, 3].map(() => world.cache.market.get(id)))
      await other.cache.market.getMany([id, String(round)])
      await world.cache.positions.get(round % 3)
      world.cache.market.peek(id)
      await world.cache.market.invalidate(id, { reason: 'trade' })
    }
  }

  /** As a rule of Prometheus has it, of both processes. */
  async function scrapedRatio(family: string): Promise<number> {
    const texts = await Promise.all([metrics.metrics(), otherMetrics.metrics()])
    const counted = (result: string) => {
      const line = `^cache_gets_total\\{cache="${family}",result="${result}".*\\} (\\d+)$`
      const found = texts.flatMap((text) => [...text.matchAll(new RegExp(line, 'gm'))])
      return found.reduce((sum, [, count]) => sum + Number(count), 0)
    }
    return counted('hit') / (counted('hit') + counted('miss'))
  }

  async function scrape() {
    const text = await (await world.ask('/metrics', { token: scrapeToken })).text()
    const sumOf = (name: string, ...labels: readonly string[]) =>
      text
        .split('\n')
        .filter((line) => line.startsWith(`${name}{`))
        .filter((line) => labels.every((label) => line.includes(label)))
        .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
    return {
      reads: (family: string, from: string) =>
        sumOf('cache_gets_total', `cache="${family}"`, `served_by="${from}"`),
      loads: (family: string) => sumOf('cache_loads_total', `cache="${family}"`),
    }
  }
})

test('a token for scraping opens nothing else', async () => {
  const metrics = { render: () => 'a 1', token: scrapeToken }
  const world = await openWorld({ metrics })
  expect((await world.ask(`${apiBase}/stats`, { token: scrapeToken })).status).toBe(401)
  expect((await world.ask('/metrics', { token: tokenOf('viewer') })).status).toBe(200)
  await world.close()
})
