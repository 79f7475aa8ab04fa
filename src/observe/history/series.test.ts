import { describe, expect, it } from 'vitest'
import { parseInfo } from '../../inspect/index.ts'
import type { ProcessFacts } from '../process-facts.ts'
import { processOf } from '../scaling/process.test-support.ts'
import { type HistorySample, sampleOf } from './history-sample.ts'
import { seriesOf } from './series.ts'

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
      undefined,
    )
    expect(sample).toMatchObject({ stepMs: 1_000, counts: { memoryHits: 35, loads: 10 } })
    expect(sample.families.item).toBeCloseTo(35 / 45)
    expect(sample.server).toEqual({})
  })

  it('keeps fields of INFO by their names, and leaves out what the server does not tell', () => {
    const info = parseInfo('# Memory\r\nused_memory:2048\r\nmaxmemory:0\r\nother:7\r\n')
    const none = { atMs: 1_000, processes: [] }
    const { server, families, lagP99Ms } = sampleOf(none, { atMs: 2_000, processes: [] }, info)
    expect(server).toEqual({ used_memory: 2_048, maxmemory: 0 })
    expect({ families, lagP99Ms }).toEqual({ families: {}, lagP99Ms: undefined })
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
