import { expect, it } from 'vitest'
import type { HistorySample } from '../history/history-sample.ts'
import { processOf } from './process.test-support.ts'
import { memorySamplesMax, ScalingWatch } from './scaling-watch.ts'

const minuteMs = 60_000

const sampleAt = (atMs: number, server: HistorySample['server']): HistorySample => ({
  atMs,
  stepMs: minuteMs,
  counts: { memoryHits: 0, redisHits: 0, loads: 0, invalidations: 0, staleReads: 0 },
  families: {},
  server,
})
const memory = (used: number) => ({ used_memory: used, maxmemory: 1_000 })

/** Two hours of steady growth: 5 bytes a minute. */
const growth = Array.from({ length: 120 }, (_, at) => sampleAt(at * minuteMs, memory(at * 5)))

it('goes on from the history that another process has written', () => {
  const watch = new ScalingWatch()
  watch.begin(growth)
  watch.look([processOf(), processOf()], sampleAt(120 * minuteMs, memory(600)))
  const figures = watch.figures(120 * minuteMs)
  expect(figures?.services.api?.replicas).toBe(2)
  expect((figures?.redisMemoryFullMs ?? 0) / minuteMs).toBeCloseTo(60, 3)
})

it('knows nothing before it has looked, nor long after', () => {
  const watch = new ScalingWatch()
  expect(watch.figures(0)).toBeUndefined()
  watch.look([processOf()], sampleAt(minuteMs, memory(5)))
  expect(watch.figures(4 * minuteMs)).toBeDefined()
  expect(watch.figures(5 * minuteMs)).toBeUndefined()
})

it('says nothing of a server that says nothing', () => {
  const watch = new ScalingWatch()
  watch.look([processOf()], sampleAt(minuteMs, {}))
  expect(watch.figures(minuteMs)?.redisMemoryAdvisedBytes).toBeUndefined()
})

it('remembers a day, and what came before is gone', () => {
  const watch = new ScalingWatch()
  const days = Array.from({ length: memorySamplesMax }, (_, at) => {
    return sampleAt((120 + at) * minuteMs, memory(100))
  })
  watch.begin([...growth, ...days])
  const nowMs = (120 + memorySamplesMax) * minuteMs
  watch.look([], sampleAt(nowMs, memory(100)))
  expect(watch.figures(nowMs)?.redisMemoryAdvisedBytes).toBe(1_000)
  expect(watch.figures(nowMs)?.redisMemoryFullMs).toBeUndefined()
})
