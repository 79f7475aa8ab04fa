import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineCatalog } from '../core/catalog.ts'
import { StaleproofError } from '../core/errors.ts'
import { family } from '../core/family.ts'
import { shape } from '../core/shape.ts'
import { openCache } from '../open.ts'
import { VirtualClock } from '../testing/virtual-clock.ts'
import { FakeBoard } from './board.test-support.ts'
import { parseFacts } from './facts/facts-text.ts'
import { samplesMax, stepMs } from './history/history-stream.ts'
import { nodesMax } from './history/server-reading.ts'
import { publishEveryMs, type ReportedCache, Reporter } from './reporter.ts'

/** A little more than a turn: timers are never early. */
const turnMs = publishEveryMs + 1
const minuteMs = stepMs + 1
const catalog = defineCatalog('told', {
  item: family('item:{id}', { value: shape<string>(), ttl: '1m' }),
})

async function opened() {
  const sources = { item: async (id: string) => id }
  return openCache(catalog, { service: 'api', namespace: 'told', log: false, sources })
}

let cache: Awaited<ReturnType<typeof opened>>
let clock: VirtualClock
let board: FakeBoard
let ends: Reporter[]

beforeEach(async () => {
  cache = await opened()
  clock = new VirtualClock()
  board = new FakeBoard()
  ends = []
})
afterEach(async () => {
  for (const reporter of ends) await reporter.close()
  await cache.close()
})

async function started(of: ReportedCache = cache): Promise<Reporter> {
  const reporter = new Reporter(of, { connection: board, clock })
  ends.push(reporter)
  await reporter.start()
  return reporter
}

function publishedMs(): number | undefined {
  const [text = ''] = board.texts.values()
  return parseFacts(text)?.atMs
}

describe('a reporter', () => {
  it('tells how broad the invalidations of its cache are', async () => {
    const reporter = await started()
    await cache.invalidate([cache.item.key('a'), cache.item.key('b')])
    expect(reporter.own().breadth).toMatchObject({ calls: 1, keysMax: 2, reloads: 0 })
  })

  it('publishes at once and every few seconds, and tries again what failed', async () => {
    const reporter = await started()
    const startedMs = Number(publishedMs())
    await clock.advance(turnMs)
    expect(publishedMs()).toBeGreaterThanOrEqual(startedMs + publishEveryMs)
    board.isAway = true
    board.texts.clear()
    await clock.advance(turnMs)
    expect(reporter.failures).toBe(1)
    expect(await reporter.facts()).toMatchObject({ isComplete: false })
    board.isAway = false
    await clock.advance(turnMs)
    expect(publishedMs()).toBeGreaterThanOrEqual(startedMs + 3 * publishEveryMs)
  })

  it('says once that publishing fails, and once that it works again', async () => {
    const said: string[] = []
    const say = (_fields: object, message: string) => void said.push(message)
    const log = { debug: say, info: say, warn: say, error: say }
    const reporter = new Reporter(cache, { connection: board, clock, log })
    ends.push(reporter)
    board.isAway = true
    await reporter.start()
    await clock.advance(3 * turnMs)
    board.isAway = false
    await clock.advance(3 * turnMs)
    expect(said.filter((text) => text.startsWith('publishing'))).toEqual([
      expect.stringContaining('has failed'),
      expect.stringContaining('works again'),
    ])
  })

  it('tells the rest where the parts of the host throw', async () => {
    const parts = () => {
      throw new Error('a part that is not ready')
    }
    const reporter = new Reporter(cache, { connection: board, clock }, parts)
    ends.push(reporter)
    await reporter.start()
    expect((await reporter.facts()).processes).toMatchObject([{ facts: { parts: {} } }])
    expect(publishedMs()).toBeDefined()
    expect(reporter.failures).toBe(2)
  })

  it('takes its facts away when it is closed, and observes no longer', async () => {
    const reporter = await started()
    await reporter.close()
    expect([board.texts.size, board.members.size, board.isClosed]).toEqual([0, 0, true])
    await cache.item.invalidate('a', { reason: 'test' })
    expect(reporter.invalidations.seen).toBe(0)
    await clock.advance(10 * turnMs)
    expect(board.texts.size).toBe(0)
  })
})

describe('the history', () => {
  it('has a sample a minute of what all processes did', async () => {
    await started()
    await cache.item.get('a')
    await cache.settled()
    for (let read = 0; read < 3; read++) await cache.item.get('a')
    await clock.advance(turnMs)
    await clock.advance(minuteMs)
    expect(board.samples).toHaveLength(1)
    expect(JSON.parse(board.samples[0] ?? '')).toMatchObject({
      counts: { memoryHits: 3, loads: 1 },
      families: { item: 0.75 },
      server: { used_memory: 1_024, maxmemory: 4_096 },
    })
    for (let minute = 0; minute < 5; minute++) await clock.advance(minuteMs)
    expect(board.samples).toHaveLength(6)
    expect(samplesMax * stepMs).toBe(24 * 3_600_000)
  })

  it('is written by one of all processes, and by another when that is gone', async () => {
    const other = await opened()
    const first = await started()
    await started(other)
    for (let minute = 0; minute < 3; minute++) await clock.advance(minuteMs)
    expect(board.samples).toHaveLength(3)
    await first.close()
    for (let minute = 0; minute < 3; minute++) await clock.advance(minuteMs)
    expect(board.samples.length).toBeGreaterThan(3)
    await other.close()
  })

  it('lets the one that writes it know what is advised, and no other', async () => {
    const other = await opened()
    const [first, second] = [await started(), await started(other)]
    expect(first.scaling()).toBeUndefined()
    await clock.advance(turnMs)
    await clock.advance(minuteMs)
    expect(first.scaling()?.services.api?.replicas).toBe(2)
    expect(first.scaling()?.redisMemoryAdvisedBytes).toBe(4_096)
    expect(second.scaling()).toBeUndefined()
    await other.close()
  })

  it('tells of every node of a Cluster, and of a silent one that it is silent', async () => {
    const reporter = await started()
    board.info = 'cluster_enabled:1\r\nused_memory:1024\r\n'
    const silent = new FakeBoard()
    silent.isAway = true
    const nodes = [board, silent].map((connection, at) => ({ address: `node:${at}`, connection }))
    board.nodes = async () => nodes
    for (let minute = 0; minute < 2; minute++) await clock.advance(minuteMs)
    const { cluster } = (await reporter.history()).at(-1) ?? {}
    const expected = { 'node:0': { used_memory: 1_024 }, 'node:1': {} }
    expect(cluster).toEqual({ nodes: expected, omitted: 0 })
    expect(reporter.failures).toBe(0)
  })

  it('asks no more nodes than it tells of', async () => {
    const reporter = await started()
    board.info = 'cluster_enabled:1\r\nused_memory:1024\r\n'
    let asked = 0
    const pipeline = async () => {
      asked++
      return [{ reply: board.info }]
    }
    const nodes = Array.from({ length: nodesMax + 5 }, (_, at) => {
      return { address: `node:${at}`, connection: { pipeline } }
    })
    board.nodes = async () => nodes
    for (let minute = 0; minute < 2; minute++) await clock.advance(minuteMs)
    const { cluster } = (await reporter.history()).at(-1) ?? {}
    expect(Object.keys(cluster?.nodes ?? {})).toHaveLength(nodesMax)
    expect(cluster?.omitted).toBe(5)
    expect(asked).toBe(nodesMax * board.samples.length)
  })

  it('is written where the nodes of a Cluster can not be found, and says so', async () => {
    const reporter = await started()
    board.info = 'cluster_enabled:1\r\nused_memory:1024\r\n'
    board.nodes = () => Promise.reject(new StaleproofError('SP_REDIS_REFUSED', 'no right to'))
    for (let minute = 0; minute < 2; minute++) await clock.advance(minuteMs)
    const newest = (await reporter.history()).at(-1)
    expect(newest?.server).toEqual({ used_memory: 1_024 })
    expect(newest?.cluster).toBeUndefined()
    expect(reporter.failures).toBeGreaterThan(0)
  })

  it('goes on after Redis was away', async () => {
    const reporter = await started()
    board.isAway = true
    for (let minute = 0; minute < 3; minute++) await clock.advance(minuteMs)
    expect(await reporter.history()).toEqual([])
    board.isAway = false
    for (let minute = 0; minute < 3; minute++) await clock.advance(minuteMs)
    expect((await reporter.history()).length).toBeGreaterThan(0)
  })

  it('waits where nobody can be elected', async () => {
    let asked = 0
    const lock = async () => {
      asked++
      throw new StaleproofError('SP_REDIS_DOWN', 'it is away')
    }
    const reporter = await started({ ...cache, lock })
    for (let minute = 0; minute < 3; minute++) await clock.advance(minuteMs)
    expect(asked).toBe(4)
    expect(board.samples).toEqual([])
    expect(reporter.failures).toBe(4)
  })
})
