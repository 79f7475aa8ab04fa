import { openCache } from 'staleproof'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { eventually } from '../../test/servers/eventually.ts'
import { startPostgres } from '../../test/servers/postgres.ts'
import { describeWithRedis, startRedis, type TestRedis } from '../../test/servers/redis.ts'
import { type ApiStage, openApiStage } from '../api/testing/api-stage.ts'
import { sampleMarket } from '../api/testing/sample-data.ts'
import { transactor } from '../database/transact.ts'
import { catalog } from '../domain/catalog.ts'
import type { Market } from '../domain/market.ts'
import { groupOf, partsOf } from '../domain/market-group.ts'
import { marketsImported, type PolycoolCache } from '../domain/writes.ts'
import { announce } from '../process/announce.ts'
import { silentLogger } from '../process/logger.ts'
import { importMarkets } from '../workers/repositories/market-writes.ts'
import { groupView } from './market-groups.ts'

const log = silentLogger()
const temperature = (label: string) => `Highest temperature on July 10? (${label})`

test.each([
  ['Highest temperature on July 10? (74-75)', 'Highest temperature on July 10?', '74-75'],
  ['Will it rain?', 'Will it rain?', 'Will it rain?'],
  ['Who (if anyone) wins?', 'Who (if anyone) wins?', 'Who (if anyone) wins?'],
])('%s', (question, title, label) => {
  expect(partsOf(question)).toEqual({ title, label })
})

test('a market that asks something else keeps its whole question as its label', () => {
  const questions = [temperature('74-75'), 'Will it rain? (no)']
  const markets = questions.map((question, index) => ({ marketId: `${index}`, question }))
  expect(groupOf('901', markets)).toEqual({
    id: '901',
    title: 'Highest temperature on July 10?',
    members: [
      { marketId: '0', label: '74-75' },
      { marketId: '1', label: 'Will it rain? (no)' },
    ],
  })
})

test('a group never holds more markets than one batch has', () => {
  const markets = Array.from({ length: 300 }, (_, index) => ({
    marketId: `${index}`,
    question: temperature(`${index}`),
  }))
  expect(groupOf('901', markets)?.members).toHaveLength(200)
  expect(groupOf('901', [])).toBeUndefined()
})

test('the markets of a group are asked for in one batch', async () => {
  const calls: (readonly string[])[] = []
  const members = ['1', '2', '3'].map((marketId) => ({ marketId, label: marketId }))
  const view = await groupView({ id: '901', title: 'Which?', members }, async (ids) => {
    calls.push(ids)
    return ids.map((id) => (id === '2' ? undefined : sampleMarket(id)))
  })
  expect(calls).toEqual([['1', '2', '3']])
  expect(view.markets.map(({ id, label }) => [id, label])).toEqual([
    ['1', '1'],
    ['3', '3'],
  ])
})

describeWithRedis('groups over several processes', () => {
  let redis: TestRedis
  let stage: ApiStage
  /** Another process, which has no source: what it shows, it has from Redis. */
  let other: PolycoolCache

  const member = (id: string, changes: Partial<Market> = {}) =>
    sampleMarket(id, { groupId: '901', question: temperature(id), ...changes })

  beforeAll(async () => {
    redis = await startRedis()
    stage = await openApiStage(await startPostgres(), { redisUrl: redis.url })
    other = await openCache(catalog, { service: 'bot', redis: redis.url })
  })
  afterAll(async () => {
    await other?.close()
    await stage?.close()
    await redis?.stop()
  })
  beforeEach(() => imported(member('1'), member('2'), member('3', { groupId: '902' })))

  /** As the workers import them. */
  async function imported(...rows: Market[]): Promise<void> {
    const change = await transactor(stage.database)(marketsImported.reason, (transaction) =>
      importMarkets(transaction, rows),
    )
    await announce({ cache: stage.api.cache, log }, { write: marketsImported, change })
  }
  const group = async (id: string) => (await stage.ask(`/groups/${id}`)).body
  const labels = async (id: string) =>
    ((await group(id)) as { markets: { label: string }[] }).markets.map(({ label }) => label)
  const listed = async (query = '') => (await stage.ask(`/groups${query}`)).body

  test('a group has a title, and its markets with their labels', async () => {
    expect(await group('901')).toMatchObject({
      id: '901',
      title: 'Highest temperature on July 10?',
      markets: [
        { id: '1', label: '1', isActive: true },
        { id: '2', label: '2', isActive: true },
      ],
    })
    await expect(group('999')).rejects.toMatchObject({ status: 404, code: 'group_not_found' })
  })

  test('one process loads a group, the others have it', async () => {
    await group('901')
    await stage.api.cache.settled()
    expect(await other.marketGroup.lookup('901')).toMatchObject({ from: 'redis' })
  })

  test('who joins, leaves or is renamed is shown so at once, by both groups', async () => {
    expect([await labels('901'), await labels('902')]).toEqual([['1', '2'], ['3']])
    await imported(member('2', { groupId: '902' }))
    expect([await labels('901'), await labels('902')]).toEqual([['1'], ['2', '3']])
    await imported(member('1', { question: temperature('freezing') }))
    expect(await labels('901')).toEqual(['freezing'])
  })

  test('what is only traded leaves its group where it is, and is itself shown anew', async () => {
    await group('901')
    await stage.api.cache.settled()
    await imported(member('1', { volume: 9_000 }))
    expect(await stage.api.cache.marketGroup.lookup('901')).toMatchObject({ from: 'memory' })
    expect(await group('901')).toMatchObject({ markets: [{ id: '1', volume: 9_000 }, { id: '2' }] })
  })

  test('events with several active markets are listed, the most traded first', async () => {
    await imported(member('4', { groupId: '902', volume: 50_000 }))
    const title = 'Highest temperature on July 10?'
    expect(await listed()).toEqual({
      groups: [
        { id: '902', title, markets: 2 },
        { id: '901', title, markets: 2 },
      ],
    })
    expect(await listed('?limit=1&offset=1')).toMatchObject({ groups: [{ id: '901' }] })
  })

  test('an import reaches every page of every list, whatever its size', async () => {
    const { cache } = stage.api
    const lookups = () =>
      Promise.all([
        cache.marketList.lookup({ order: 'volume', limit: 7, offset: 0 }),
        cache.marketList.lookup({ order: 'new', limit: 99, offset: 1_234 }),
        cache.marketGroups.lookup({ limit: 3, offset: 0 }),
      ])
    const tiers = async () => (await lookups()).map(({ from }) => from)
    await tiers()
    await cache.settled()
    expect(await tiers()).toEqual(['memory', 'memory', 'memory'])
    await imported(member('1', { volume: 700_000 }))
    expect(await tiers()).toEqual(['source', 'source', 'source'])
  })

  test('the active markets are one value, which only those who open or close change', async () => {
    const active = async () => (await stage.ask('/markets/active')).body
    expect(await active()).toMatchObject({ market_ids: expect.arrayContaining(['1', '2', '3']) })
    await stage.api.cache.settled()
    await imported(member('1', { volume: 12_345 }))
    expect(await stage.api.cache.activeMarkets.lookup()).toMatchObject({ from: 'memory' })
    await imported(member('1', { isActive: false }))
    expect(await active()).toMatchObject({ market_ids: expect.not.arrayContaining(['1']) })
    await eventually('the others have heard', () => other.activeMarkets.peek() === undefined)
  })
})
