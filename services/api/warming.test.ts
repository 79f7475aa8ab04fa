/** What the API keeps warm, on a real database. */

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../test/servers/eventually.ts'
import { startPostgres } from '../../test/servers/postgres.ts'
import { MarketPreloader, type WarmingSettings } from '../caches/market-preloader.ts'
import { marketPageSize } from '../domain/market.ts'
import { requestJson } from '../process/http-client.ts'
import { silentLogger } from '../process/logger.ts'
import { type Api, openApi } from './server.ts'
import { type ApiStage, openApiStage } from './testing/api-stage.ts'
import { sampleMarket, sampleQuote } from './testing/sample-data.ts'

const settings: WarmingSettings = { everyMs: 300_000, loadsPerSecond: 1_000, priceMove: 0.05 }
const adminToken = 'token-of-the-test'
const ids = Array.from({ length: 60 }, (_, at) => `${1_000 + at}`)

let stage: ApiStage

beforeAll(async () => {
  const markets = ids.map((id, at) => sampleMarket(id, { volume: at, liquidity: 100 - at }))
  stage = await openApiStage(await startPostgres(), { markets })
})
afterAll(() => stage.close())

interface Warm {
  readonly api: Api
  ask(path: string, endUser?: string): Promise<unknown>
  report(): Promise<Report>
}
interface Report {
  readonly warmer: {
    readonly tasks: readonly { name: string; successes: number; critical: boolean }[]
  }
  readonly preloader: {
    readonly families: Record<string, { reads: number; served: number; servedShare: number }>
  }
  readonly prices: { readonly followed: number; readonly moves: number }
}

async function openWarm(warming: WarmingSettings = settings): Promise<Warm> {
  const { databaseUrl } = stage
  const api = await openApi({ databaseUrl, adminToken, warming })
  onTestFinished(() => api.close())
  const ask = async (path: string, endUser?: string) => {
    const headers = {
      authorization: `Bearer ${adminToken}`,
      ...(endUser === undefined ? {} : { 'x-end-user': endUser }),
    }
    return (await requestJson(`${api.url}${path}`, { headers })).body
  }
  return { api, ask, report: async () => (await ask('/debug/warming')) as Report }
}

const page = (order: string, at = 0) => ({
  order,
  limit: marketPageSize,
  offset: at * marketPageSize,
})
const pathOf = ({ order, limit, offset }: ReturnType<typeof page>) =>
  `/markets?order=${order}&limit=${limit}&offset=${offset}`
const successOf = ({ warmer }: Report, name: string) =>
  warmer.tasks.find((task) => task.name === name)?.successes ?? 0

async function warmed({ report }: Warm): Promise<void> {
  await eventually('the first round has ended', async () => {
    const names = ['preload-marketList', 'leaderboard', 'learnedReads']
    const now = await report()
    return names.every((name) => successOf(now, name) > 0)
  })
}

test('the pages of the documents are there before anybody asks, and serve readers', async () => {
  const warm = await openWarm()
  await warmed(warm)
  const pages = [page('volume', 2), page('liquidity', 1), page('new'), page('ending')]
  for (const one of pages) await warm.ask(pathOf(one))
  const stats = warm.api.cache.stats().families.marketList
  expect(stats?.reads).toMatchObject({ memory: pages.length, source: 0 })
  const { preloader } = await warm.report()
  expect(preloader.families.marketList).toMatchObject({ reads: 4, served: 4, servedShare: 1 })
})

test('what everybody needs is warm, and the leaderboard is critical', async () => {
  const warm = await openWarm()
  await warmed(warm)
  const { cache } = warm.api
  expect(cache.leaderboard.peek()).toBeDefined()
  expect(cache.activeMarkets.peek()).toHaveLength(ids.length)
  expect(cache.watchedAddresses.peek()).toBeDefined()
  const { tasks } = (await warm.report()).warmer
  const critical = tasks.filter((task) => task.critical).map(({ name }) => name)
  expect(critical).toEqual(['leaderboard'])
})

test('an import that changes the lists loads those that are read again at once', async () => {
  const warm = await openWarm()
  await warmed(warm)
  const { cache } = warm.api
  await cache.invalidateTag('market_lists', { reason: 'markets_imported' })
  expect(cache.marketList.peek(page('volume'))).toBeUndefined()
  await eventually('the page is there again', () => {
    return cache.marketList.peek(page('volume')) !== undefined
  })
  expect(cache.stats().families.marketList?.reads.source).toBe(0)
})

test('a market whose price makes a large move is loaded before its readers come', async () => {
  const warm = await openWarm()
  const { cache } = warm.api
  const [id = ''] = ids
  await warm.ask(`/markets/${id}`)
  await eventually('its price is followed', async () => (await warm.report()).prices.followed === 1)
  await cache.price.get(id)
  await eventually('its price is known', () => (cache.stats().families.price?.warmed ?? 0) > 0)
  await cache.market.invalidate(id)
  const move = sampleQuote(id, { bid: 0.59, ask: 0.61, seq: 2 })
  await cache.price.set(id, { ...move, mid: 0.6, spread: 0.02 })
  await eventually('it is loaded', () => cache.market.peek(id) !== undefined)
  expect(await warm.report()).toMatchObject({ prices: { moves: 1 } })
})

test('a process that begins again knows what was read before', async () => {
  const first = await openWarm({ ...settings, everyMs: 1_000 })
  await warmed(first)
  const deep = page('volume', 6)
  for (let time = 0; time < 10; time++) await first.ask(pathOf(deep))
  await eventually('it is remembered', async () => {
    const learned = await first.api.cache.learnedReads.get().catch(() => undefined)
    const offsets = learned?.counts.map(({ id }) => Reflect.get(Object(id), 'offset')) ?? []
    return offsets.includes(deep.offset)
  })
  const second = await openWarm()
  await eventually('it knows the page', async () => {
    const { preloader } = await second.report()
    return JSON.stringify(preloader).includes(`"offset":${deep.offset}`)
  })
})

test('what another build has learned, and is no id here, stops nothing', async () => {
  const first = await openWarm()
  await warmed(first)
  const good = page('volume', 6)
  const counts = [
    { family: 'user', id: 'abc', count: 60 },
    { family: 'marketList', id: { order: 'volume', page: 1 }, count: 60 },
    { family: 'marketList', id: good, count: 60 },
  ]
  await first.api.cache.learnedReads.set({ takenMs: Date.now(), counts })
  const cache = first.api.cache
  const learning = new MarketPreloader({ cache, settings, log: silentLogger() })
  onTestFinished(() => learning.close())
  expect(await learning.report()).toMatchObject({ preloader: { unlearned: 2 } })
  expect(JSON.stringify(await learning.report())).toContain(`"offset":${good.offset}`)
})

test('each end user has pages of his own', async () => {
  const warm = await openWarm({ ...settings, everyMs: 1_000 })
  await warmed(warm)
  for (let time = 0; time < 100; time++) await warm.ask(pathOf(page('volume')))
  const own = page('liquidity', 5)
  await warm.ask(pathOf(own), '4711')
  await warm.api.cache.marketList.invalidate(own)
  await eventually('it is loaded again', () => warm.api.cache.marketList.peek(own) !== undefined)
  expect(await warm.report()).toMatchObject({ preloader: { activeGroups: 1 } })
})

test('positions and profile of who is active are loaded again before he asks', async () => {
  const warm = await openWarm({ ...settings, everyMs: 1_000 })
  const { cache } = warm.api
  const { id, telegramId } = await stage.newUser()
  for (let time = 0; time < 20; time++) {
    await warm.ask(`/positions/user/${id}`)
    await warm.ask(`/users/${telegramId}`)
  }
  await cache.positions.invalidate(id)
  await cache.user.invalidate(telegramId)
  await eventually('his positions are there', () => cache.positions.peek(id) !== undefined)
  await eventually('his profile is there', () => cache.user.peek(telegramId) !== undefined)
  await warm.ask(`/positions/user/${id}`)
  await warm.ask(`/users/${telegramId}`)
  const { positions, user } = cache.stats().families
  expect([positions?.reads.source, user?.reads.source]).toEqual([1, 1])
})

test('without a setting nothing is warmed, and there is no report', async () => {
  const api = await openApi({ databaseUrl: stage.databaseUrl, adminToken })
  onTestFinished(() => api.close())
  const headers = { authorization: `Bearer ${adminToken}` }
  const asking = requestJson(`${api.url}/debug/warming`, { headers })
  await expect(asking).rejects.toMatchObject({ status: 404 })
  expect(api.cache.stats().families.marketList?.warmed).toBe(0)
})
