// Every write of the system is carried out, and watched from outside: its rows are changed in the
// tables that it names and in no others, what caches serve afterwards is what the database says,
// for every family and every id there is, and nothing was invalidated that had not changed.
import { type CacheEvent, openCache } from 'staleproof'
import { expectCoherent } from 'staleproof/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { databaseSources } from '../../services/api/sources.ts'
import { type ApiStage, openApiStage } from '../../services/api/testing/api-stage.ts'
import { sampleMarket, sampleQuote } from '../../services/api/testing/sample-data.ts'
import { SearchCache } from '../../services/caches/search-cache.ts'
import { transactor } from '../../services/database/transact.ts'
import { catalog } from '../../services/domain/catalog.ts'
import { type Market, marketOrders, marketPageSize } from '../../services/domain/market.ts'
import type { PolycoolCache } from '../../services/domain/writes.ts'
import { storeReadable } from '../../services/indexer/address-trades.ts'
import { tokenMeanings } from '../../services/indexer/repositories/token-meanings.ts'
import { Closing } from '../../services/process/closing.ts'
import { silentLogger } from '../../services/process/logger.ts'
import { providerAt } from '../../services/process/provider-quota.ts'
import { tradeSchema } from '../../services/upstream/client-types.ts'
import { importAllMarkets } from '../../services/workers/market-import.ts'
import { MarketIndex } from '../../services/workers/market-index.ts'
import { openPositionUpdater } from '../../services/workers/position-updater.ts'
import { PriceWriter } from '../../services/workers/price-writer.ts'
import { StubProvider } from '../../services/workers/testing/stub-provider.ts'
import { startPostgres } from '../servers/postgres.ts'
import { describeWithRedis, startRedis } from '../servers/redis.ts'
import { declaredWrites } from './declared-writes.ts'
import { RowRecorder } from './row-recorder.ts'

type Family = keyof typeof catalog.families

interface Case {
  readonly write: string
  readonly run: () => unknown
  /** Families that age out on purpose; the documentation of the system says which and why. */
  readonly aging?: readonly Family[]
  /** Families of which more is invalidated than has changed. */
  readonly needless?: readonly Family[]
}

const log = silentLogger()
const leader = `0x${'ab'.repeat(20)}`
const market = sampleMarket('11', { groupId: 'g1' })
const others = ['12', '13', '14'].map((id) => sampleMarket(id, { groupId: 'g1' }))
/** Families that no source fills, or whose values hold the time at which they were computed. */
const unread: readonly Family[] = ['learnedReads', 'search']

describeWithRedis('every write', () => {
  const closing = new Closing()
  let stage: ApiStage
  let cache: PolycoolCache
  let recorder: RowRecorder
  let provider: StubProvider
  let user: { readonly id: number; readonly telegramId: number }
  let other: { readonly id: number; readonly telegramId: number }
  let seq = 1
  const positionIds: number[] = []

  beforeAll(async () => {
    const redis = await startRedis()
    closing.add(() => redis.stop())
    const markets = [market, ...others]
    stage = await openApiStage(await startPostgres(), { redisUrl: redis.url, markets })
    closing.add(() => stage.close())
    const { database } = stage
    const search = new SearchCache(() => cache)
    const sources = {
      ...databaseSources(database, search),
      tokenMeaning: { many: (ids: readonly string[]) => tokenMeanings(database, ids) },
    }
    cache = await openCache(catalog, { service: 'workers', redis: redis.url, sources })
    closing.add(() => cache.close())
    provider = await StubProvider.open()
    closing.add(() => provider.close())
    recorder = await RowRecorder.start(database)
    user = await stage.newUser()
    other = await stage.newUser()
    await watch(user.id)
    await leaderBuys()
    positionIds.push(await buy(user.id), await buy(other.id))
  })
  afterAll(() => closing.close())

  const cases: readonly Case[] = [
    { write: 'userSaved', run: () => rename('Grace'), needless: ['userStats'] },
    { write: 'positionCreated', run: () => buy(user.id) },
    { write: 'positionLimitsChanged', run: () => change({ take_profit: 0.99 }) },
    { write: 'pricesWritten', run: () => quote(0.3), aging: ['leaderboard'] },
    { write: 'positionsSynced', run: () => post('/positions/sync', { user_id: user.id }) },
    { write: 'positionsRepriced', run: () => reprice() },
    { write: 'positionClosed', run: () => post(`/positions/${positionIds[0]}/close`, {}) },
    {
      write: 'marketsImported',
      run: () => importAnew(),
      needless: ['marketByCondition', 'tokenMeaning'],
    },
    { write: 'leaderTradesWritten', run: () => leaderBuys() },
    {
      write: 'watchedAddressesChanged',
      run: () => watchAnew(other.id),
      needless: ['smartTrades', 'leaderboard'],
    },
  ]

  test.each(cases)('$write changes its tables and nothing that is not told', async (one) => {
    const { write, run, aging = [], needless = [] } = one
    await recorder.take()
    const reads = await allReads(aging)
    const told = new Set<string>()
    const { changed } = await expectCoherent({ cache, write: () => listening(told, run), reads })
    expect(await recorder.take()).toEqual([...(declaredWrites[write]?.tables ?? [])].toSorted())
    expect(changed).not.toEqual([])
    const spared = needless.map((family) => prefixOf(family))
    const surplus = [...told].filter((key) => !spared.some((prefix) => key.startsWith(prefix)))
    expect(changed).toEqual(expect.arrayContaining(surplus))
  })

  test('the new question of a market that is closed shows in the latest trades', async () => {
    const closed = sampleMarket(market.id, { isActive: false })
    await importOf(closed)
    const reads = await allReads([])
    const rename = () => importOf({ ...closed, question: 'Was it?' })
    const { changed } = await expectCoherent({ cache, write: rename, reads })
    expect(changed).toContain('api:smart_trades')
  })

  test('every declared write is among these cases', () => {
    expect(cases.map((one) => one.write).toSorted()).toEqual(Object.keys(declaredWrites).toSorted())
  })

  /** Adds the keys that the write tells, whichever of the two caches it tells them by. */
  async function listening(told: Set<string>, run: () => unknown): Promise<void> {
    const notify = (event: CacheEvent) => {
      if (event.kind !== 'invalidate' || event.via !== 'call') return
      for (const key of event.keys) told.add(key)
    }
    const stops = [cache, stage.api.cache].map((one) => one.observe({ notify }))
    await run()
    for (const stop of stops) stop()
  }

  /** Every id of every family, of what there is and of what is remembered as absent. */
  async function allReads(aging: readonly Family[]): Promise<(() => Promise<unknown>)[]> {
    const ids = idsOfFamilies()
    expect(Object.keys(ids).toSorted()).toEqual(
      Object.keys(catalog.families)
        .filter((name) => !unread.some((one) => one === name))
        .toSorted(),
    )
    return Object.entries(ids)
      .filter(([name]) => !aging.some((family) => family === name))
      .flatMap(([name, known]) =>
        known.map((id) => () => cache.family(name).lookup(id, { consistency: 'strict' })),
      )
  }

  function idsOfFamilies(): Record<string, readonly unknown[]> {
    const markets = [market, ...others]
    const telegramIds = [user.telegramId, other.telegramId, 1]
    const pages = [0, 1].map((page) => ({ limit: marketPageSize, offset: page * marketPageSize }))
    return {
      positions: [user.id, other.id],
      // With the next one, which is created here.
      position: [...positionIds, Math.max(...positionIds) + 1],
      user: telegramIds,
      userStats: telegramIds,
      market: [...markets.map(({ id }) => id), '99'],
      marketByCondition: [...markets.map(({ conditionId }) => conditionId), '0x99'],
      marketList: marketOrders.flatMap((order) => pages.map((page) => ({ order, ...page }))),
      activeMarkets: [undefined],
      marketGroup: ['g1', 'g2'],
      marketGroups: pages,
      searchable: [undefined],
      price: [...markets.map(({ id }) => id), '99'],
      leaderboard: [undefined],
      smartTrades: [undefined],
      watchedAddresses: [undefined],
      tokenMeaning: [...markets.flatMap((one) => [one.yesTokenId, one.noTokenId]), '991'],
    }
  }

  function prefixOf(family: Family): string {
    return catalog.families[family].template.split('{')[0] ?? ''
  }

  async function post(path: string, body: object, method: 'POST' | 'PATCH' = 'POST') {
    return z
      .looseObject({ id: z.number().optional() })
      .parse((await stage.ask(path, { method, body })).body)
  }

  async function buy(userId: number): Promise<number> {
    const order = { user_id: userId, market_id: market.id, outcome: 'yes', amount: 5 }
    return (await post('/positions', order)).id ?? 0
  }

  async function rename(name: string): Promise<void> {
    await post('/users', { telegram_id: user.telegramId, name })
  }

  async function change(limits: object): Promise<void> {
    await post(`/positions/${positionIds[1]}`, limits, 'PATCH')
  }

  async function watch(userId: number): Promise<void> {
    const copy = { user_id: userId, amount: 5 }
    const body = { address: leader, label: `Whale of ${userId}`, copy }
    await post('/watched-addresses', body)
  }

  /** What waits to be copied ends with the watching. */
  async function watchAnew(userId: number): Promise<void> {
    await stage.ask(`/watched-addresses/${leader}`, { method: 'DELETE' })
    await watch(userId)
  }

  const workers = () => ({ cache, transact: transactor(stage.database), log })

  async function quote(bid: number): Promise<void> {
    seq += 1
    const writer = new PriceWriter({ ...workers(), batchMs: 0, onWritten: () => undefined })
    writer.add([sampleQuote(market.id, { bid, ask: bid + 0.02, seq })])
    await writer.close()
  }

  /** The quote has changed before, and is told: only the marks of positions follow it here. */
  async function reprice(): Promise<void> {
    const onRepriced = () => undefined
    const updater = openPositionUpdater({ ...workers(), delayMs: 60_000, onRepriced })
    updater.add([market.id])
    await updater.close()
  }

  function importAnew(): Promise<void> {
    return importOf(sampleMarket(market.id, { question: 'Another?' }), sampleMarket('99'))
  }

  async function importOf(...markets: readonly Market[]): Promise<void> {
    const { database } = stage
    const known = new MarketIndex()
    for (const market of markets) provider.offer(market)
    const options = {
      ...workers(),
      database,
      provider: providerAt(provider.url, cache),
      index: known,
    }
    await importAllMarkets(
      { ...options, onNewTokens: () => undefined },
      new AbortController().signal,
    )
  }

  async function leaderBuys(): Promise<void> {
    const since = seq
    seq += 1
    const row = tradeSchema.parse({
      proxyWallet: leader,
      marketId: market.id,
      conditionId: market.conditionId,
      asset: market.yesTokenId,
      outcome: 'Yes',
      outcomeIndex: 0,
      side: 'BUY',
      size: 10,
      price: 0.5,
      seq,
      transactionHash: `0x${seq}`,
      timestamp: Math.floor(Date.now() / 1_000),
    })
    const { database } = stage
    const options = {
      ...workers(),
      database,
      provider: providerAt('', cache),
      wake: () => undefined,
    }
    await storeReadable(options, { address: leader, rows: [row], since })
  }
})
