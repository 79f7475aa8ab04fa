import { Redis } from 'ioredis'
import { openCache, type Sources } from 'staleproof'
import { afterEach, expect, test } from 'vitest'
import { describeWithRedis, startRedis } from '../../test/servers/redis.ts'
import { sampleMarket } from '../api/testing/sample-data.ts'
import { catalog, type PolycoolFamilies } from '../domain/catalog.ts'
import type { Market } from '../domain/market.ts'
import type { Searchable } from '../domain/search.ts'
import { marketsImported, type PolycoolCache } from '../domain/writes.ts'
import { announce } from '../process/announce.ts'
import { silentLogger } from '../process/logger.ts'
import { magnitudeOf } from '../search/magnitude.ts'
import { SearchCache } from './search-cache.ts'

interface World {
  readonly cache: PolycoolCache
  readonly search: SearchCache
  markets: Market[]
}

const closings: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close()
})

async function openWorld(
  options: { readonly redis?: string; readonly maxBytes?: number } = {},
): Promise<World> {
  const world: { cache?: PolycoolCache; search: SearchCache; markets: Market[] } = {
    search: new SearchCache(() => {
      if (world.cache === undefined) throw new Error('not open yet')
      return world.cache
    }),
    markets: ['4.5', '5.5', '6.5'].map((line, place) =>
      sampleMarket(`${place}`, { question: `Boston Red Sox vs. New York Mets: O/U ${line}` }),
    ),
  }
  const sources: Sources<PolycoolFamilies> = {
    searchable: () => world.markets.filter((market) => market.isActive).map(searchableOf),
    search: (query) => world.search.find(query),
    market: { many: (ids) => ids.map((id) => world.markets.find((market) => market.id === id)) },
  }
  const { redis, maxBytes } = options
  const cache = await openCache(catalog, { service: 'test', redis, sources, memory: { maxBytes } })
  closings.push(() => cache.close())
  return Object.assign(world, { cache })
}

function searchableOf({ id, question, slug, category, volume }: Market): Searchable {
  return { id, question, slug, category, magnitude: magnitudeOf(volume) }
}

const page = (world: World, text: string, { limit = 20, offset = 0 } = {}) =>
  world.search.page({ text, limit, offset }, {})
const loads = ({ cache }: World) => cache.stats().families.search?.loads

test('all pages of all spellings are one entry', async () => {
  const world = await openWorld()
  const first = await page(world, 'Boston Red Sox', { limit: 2 })
  const second = await page(world, 'sox RED bostonn', { limit: 2, offset: 2 })
  expect(first.markets.map(({ id }) => id)).toEqual(['0', '1'])
  expect(second.markets.map(({ id }) => id)).toEqual(['2'])
  expect(second).toMatchObject({ query: 'boston red sox', total: 3, marketsSearched: 3 })
  expect(second.computedAt).toBe(first.computedAt)
  expect(loads(world)).toBe(1)
})

test('another number is another entry', async () => {
  const world = await openWorld()
  expect((await page(world, 'red sox 4.5')).markets.map(({ id }) => id)).toEqual(['0'])
  expect((await page(world, 'red sox 5.5')).markets.map(({ id }) => id)).toEqual(['1'])
  expect((await page(world, 'red sox 7.5')).markets).toEqual([])
  expect(loads(world)).toBe(3)
})

test('an import that opens, renames or closes a market is seen by the next search', async () => {
  const world = await openWorld()
  const change = {
    isNew: false,
    conditionId: 'c',
    tokenIds: [],
    changesSearch: true,
    isRenamed: false,
    opensOrCloses: true,
    groupIds: [],
  }
  const imported = async (markets: Market[]) => {
    world.markets = markets
    const changes = markets.map(({ id }) => ({ ...change, id }))
    const context = { cache: world.cache, log: silentLogger() }
    await announce(context, { write: marketsImported, change: changes })
    return (await page(world, 'red sox')).markets.map(({ id }) => id)
  }
  await page(world, 'red sox')
  const fourth = sampleMarket('9', { question: 'Red Sox pennant', volume: 50_000 })
  expect(await imported([...world.markets, fourth])).toEqual(['9', '0', '1', '2'])
  expect(await imported(world.markets.slice(1))).toEqual(['9', '1', '2'])
  const renamed = world.markets.map((market) =>
    market.id === '1' ? { ...market, question: 'Cubs' } : market,
  )
  expect(await imported(renamed)).toEqual(['9', '2'])
})

test('what is traded changes the market that is shown, and no result', async () => {
  const world = await openWorld()
  await page(world, 'red sox')
  world.markets = world.markets.map((market) => ({ ...market, volume: 1_234 }))
  await world.cache.market.invalidate(['0', '1', '2'])
  const { markets } = await page(world, 'red sox')
  expect(markets.map(({ volume }) => volume)).toEqual([1_234, 1_234, 1_234])
  expect(loads(world)).toBe(1)
})

test('a popular query stays in memory, however many rare ones come', async () => {
  const world = await openWorld({ maxBytes: 64 * 1_024 })
  for (let time = 0; time < 20; time += 1) await world.cache.search.get('boston red sox')
  for (let rare = 0; rare < 1_000; rare += 1) {
    await world.cache.search.get(`boston rare${rare}`)
    if (rare % 50 === 0) await world.cache.search.get('boston red sox')
  }
  const { entries } = world.cache.stats().memory.families.search ?? { entries: 0 }
  expect(entries).toBeLessThan(500)
  // Memory holds it, if all that Redis has to say is that it is still right.
  const outcome = await world.cache.search.lookup('boston red sox', { consistency: 'strict' })
  expect(outcome).toMatchObject({ from: 'redis', why: 'revalidated' })
})

describeWithRedis('in Redis', () => {
  test('a large result is compressed in Redis', async () => {
    const redis = await startRedis()
    closings.push(() => redis.stop())
    const world = await openWorld({ redis: redis.url })
    world.markets = Array.from({ length: 200 }, (_, place) =>
      sampleMarket(`${7_000_000 + place * 37}`, { question: 'Boston Red Sox' }),
    )
    await page(world, 'red sox')
    await world.cache.settled()
    const client = new Redis(redis.url)
    closings.push(async () => client.disconnect())
    const [, keys] = await client.scan(0, 'MATCH', '*api:search:*', 'COUNT', 1_000)
    const plain = JSON.stringify(await world.cache.search.get('red sox')).length
    expect(keys).toHaveLength(1)
    expect(await client.strlen(keys[0] ?? '')).toBeLessThan(plain * 0.6)
  })
})
