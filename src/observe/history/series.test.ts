import { describe, expect, it } from 'vitest'
import { parseInfo } from '../../inspect/index.ts'
import type { ProcessFacts } from '../process-facts.ts'
import { processOf } from '../scaling/process.test-support.ts'
import { type HistorySample, type InfoFields, sampleOf } from './history-sample.ts'
import { type ServerSeriesName, seriesOf } from './series.ts'
import { nodesMax } from './server-reading.ts'

const minuteMs = 60_000

describe('a sample', () => {
  it('counts what processes did since the one before, whoever came or went', () => {
    const before = [reading('a', { memory: 10, source: 2 }), reading('gone', { memory: 500 })]
    const now = [
      reading('a', { memory: 40, source: 12 }),
      { ...reading('new', { memory: 5 }), startedMs: 1_500 },
      { ...reading('unread before', { memory: 900 }), startedMs: 500 },
    ]
    const sample = sampleOf(
      { atMs: 1_000, processes: before },
      { atMs: 2_000, processes: now },
      { info: undefined },
    )
    expect(sample).toMatchObject({ stepMs: 1_000, counts: { memoryHits: 35, loads: 10 } })
    expect(sample.families.item).toBeCloseTo(35 / 45)
    expect(sample.server).toEqual({})
  })

  it('keeps fields of INFO by their names, and leaves out what the server does not tell', () => {
    const info = parseInfo('# Memory\r\nused_memory:2048\r\nmaxmemory:0\r\nother:7\r\n')
    const none = { atMs: 1_000, processes: [] }
    const sample = sampleOf(none, { atMs: 2_000, processes: [] }, { info })
    const { server, families, lagP99Ms, cluster } = sample
    expect(server).toEqual({ used_memory: 2_048, maxmemory: 0 })
    expect(cluster).toBeUndefined()
    expect({ families, lagP99Ms }).toEqual({ families: {}, lagP99Ms: undefined })
  })

  it('tells of each node of a Cluster what lines are drawn of, and of a silent one nothing', () => {
    const info = parseInfo('used_memory:2048\r\nmaxmemory:0\r\nblocked_clients:7\r\n')
    const none = { atMs: 1_000, processes: [] }
    const nodes = [
      { address: 'a:1', info },
      { address: 'b:1', info: undefined },
    ]
    const { cluster } = sampleOf(none, none, { info, cluster: { nodes, omitted: 3 } })
    const fields = { used_memory: 2_048, maxmemory: 0 }
    expect(cluster).toEqual({ nodes: { 'a:1': fields, 'b:1': {} }, omitted: 3 })
  })
})

describe('lines of a chart', () => {
  it('have a number for each minute, and nothing where nobody counted', () => {
    const samples = [at(58), at(59), at(60)].filter((_, index) => index !== 1)
    const { stepMs, timesMs, series } = seriesOf(samples, {
      rangeMs: 15 * minuteMs,
      nowMs: 60 * minuteMs,
    })
    expect(stepMs).toBe(minuteMs)
    expect(timesMs).toHaveLength(15)
    expect(timesMs.at(-1)).toBe(60 * minuteMs)
    expect(series.memoryHits.slice(-4)).toEqual([null, 58, null, 60])
    expect(series.usedBytes.at(-1)).toBe(6_000)
  })

  it('count evictions between samples, and nothing where the server was restarted', () => {
    const evicted = [100, 130, 20, 25]
    const samples = evicted.map((evicted_keys, index) => {
      return { ...at(57 + index), server: { evicted_keys } }
    })
    const { series } = seriesOf(samples, { rangeMs: 5 * minuteMs, nowMs: 60 * minuteMs })
    expect(series.evictions.slice(-4)).toEqual([null, 30, null, 5])
  })

  it('of a day have longer steps: counts are summed, ratios averaged', () => {
    const samples = Array.from({ length: 1_440 }, (_, minute) => at(minute + 1))
    const range = { rangeMs: 1_440 * minuteMs, nowMs: 1_440 * minuteMs }
    const { stepMs, series, families } = seriesOf(samples, range)
    expect(stepMs).toBe(4 * minuteMs)
    expect(series.memoryHits).toHaveLength(360)
    expect(series.memoryHits.at(-1)).toBe(1_437 + 1_438 + 1_439 + 1_440)
    expect(families.item?.at(-1)).toBe(0.5)
  })
})

describe('lines of a Cluster', () => {
  const range = { rangeMs: 5 * minuteMs, nowMs: 60 * minuteMs }

  it('are one for each node, and sums of all', () => {
    const samples = [59, 60].map((minute) => {
      return ofNodes(minute, { 'a:1': fieldsAt(minute, 1), 'b:1': fieldsAt(minute, 3) })
    })
    const { nodes, nodesOmitted, series } = seriesOf(samples, range)
    expect([Object.keys(nodes), nodesOmitted]).toEqual([['a:1', 'b:1'], 0])
    const newest = { used: [60, 180], evicted: [1, 3], limit: [1_000, 3_000] }
    const of = (name: ServerSeriesName) => Object.values(nodes).map((lines) => lines[name].at(-1))
    expect(of('usedBytes')).toEqual(newest.used)
    expect(of('evictions')).toEqual(newest.evicted)
    expect(of('maxBytes')).toEqual(newest.limit)
    expect(series.usedBytes.slice(-3)).toEqual([null, 236, 240])
    expect(series.evictions.slice(-3)).toEqual([null, null, 4])
    expect(series.maxBytes.at(-1)).toBe(4_000)
  })

  it('tell no part as the whole: where a node is silent, no sum is known', () => {
    const silent = ofNodes(60, { 'a:1': fieldsAt(60, 1), 'b:1': {} })
    const { nodes, series } = seriesOf([silent], range)
    expect(nodes['a:1']?.usedBytes.at(-1)).toBe(60)
    expect(nodes['b:1']?.usedBytes.at(-1)).toBeNull()
    expect(series.usedBytes.at(-1)).toBeNull()
  })

  it('have nothing where a sample tells of one node alone, as it may', () => {
    const samples = [at(59), ofNodes(60, { 'a:1': fieldsAt(60, 1) })]
    const { nodes, series } = seriesOf(samples, range)
    expect(nodes['a:1']?.usedBytes.slice(-2)).toEqual([null, 60])
    expect(series.usedBytes.slice(-2)).toEqual([null, 60])
  })

  it('have no limit together where one node has none', () => {
    const free = { ...fieldsAt(60, 1), maxmemory: 0 }
    const { nodes, series } = seriesOf(
      [ofNodes(60, { 'a:1': free, 'b:1': fieldsAt(60, 1) })],
      range,
    )
    expect(nodes['a:1']?.maxBytes.at(-1)).toBeNull()
    expect(series.maxBytes.at(-1)).toBeNull()
  })

  it('are bounded, those of nodes that are there now first, and say how many are left out', () => {
    const now = Array.from({ length: nodesMax - 1 }, (_, node) => `now:${node}`)
    const gone = ['gone:1', 'gone:2', 'gone:3']
    const [before, after] = [gone, now].map((addresses, index) => {
      const fields = addresses.map((address) => [address, fieldsAt(59, 1)] as const)
      return { ...ofNodes(59 + index, Object.fromEntries(fields)) }
    })
    const samples = [before, after].flatMap((sample) => sample ?? [])
    const { nodes, nodesOmitted } = seriesOf(samples, range)
    expect(Object.keys(nodes)).toEqual([...now, 'gone:1'])
    expect(nodesOmitted).toBe(2)
  })

  it('have no sums where nodes are beyond the bound', () => {
    const sample = ofNodes(60, { 'a:1': fieldsAt(60, 1) })
    const { nodesOmitted, series } = seriesOf(
      [{ ...sample, cluster: { nodes: {}, ...sample.cluster, omitted: 8 } }],
      range,
    )
    expect([nodesOmitted, series.usedBytes.at(-1)]).toEqual([8, null])
  })
})

function fieldsAt(minute: number, times: number): InfoFields {
  const used = { used_memory: minute * times, maxmemory: 1_000 * times }
  return { ...used, evicted_keys: minute * times }
}

function ofNodes(minute: number, nodes: Readonly<Record<string, InfoFields>>): HistorySample {
  return { ...at(minute), cluster: { nodes, omitted: 0 } }
}

function at(minute: number): HistorySample {
  const counts = { memoryHits: minute, redisHits: 0, loads: 0, invalidations: 0, staleReads: 0 }
  const server = { used_memory: minute * 100 }
  return { atMs: minute * minuteMs, stepMs: minuteMs, counts, families: { item: 0.5 }, server }
}

function reading(
  process: string,
  { memory = 0, source = 0 }: { readonly memory?: number; readonly source?: number },
): ProcessFacts {
  const { stats, ...rest } = processOf()
  const item = {
    reads: { memory, redis: 0, source, joined: 0, stale: 0, none: 0 },
    ...{ warmed: 0, loads: source, loadErrors: 0, stores: {}, sets: 0, invalidations: 0 },
  }
  return { ...rest, process, stats: { ...stats, families: { item } } }
}
