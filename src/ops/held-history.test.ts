import { expect, test } from 'vitest'
import type { HistorySample } from '../observe/index.ts'
import { VirtualClock } from '../testing/virtual-clock.ts'
import { HeldHistory, historyReadEveryMs } from './held-history.ts'

const counts = { memoryHits: 0, redisHits: 0, loads: 0, invalidations: 0, staleReads: 0 }
const minuteMs = 60_000

function sampleAt(atMs: number): HistorySample {
  return { atMs, stepMs: minuteMs, counts, families: {}, server: {} }
}

test('reads once for all who ask, and after that what is newer alone', async () => {
  const clock = new VirtualClock()
  const startMs = clock.wallMs()
  const kept = Array.from({ length: 100 }, (_, at) => sampleAt(startMs - (100 - at) * minuteMs))
  const asked: number[] = []
  const history = new HeldHistory(clock, async (sinceMs) => {
    asked.push(sinceMs)
    return kept.filter(({ atMs }) => atMs >= sinceMs)
  })
  const all = await Promise.all([0, 0, startMs - 10 * minuteMs].map((ms) => history.since(ms)))
  expect(all.map(({ length }) => length)).toEqual([100, 100, 10])
  expect(asked).toHaveLength(1)
  await clock.advance(historyReadEveryMs + 1)
  kept.push(sampleAt(clock.wallMs()))
  expect((await history.since(0)).map(({ atMs }) => atMs)).toEqual(kept.map(({ atMs }) => atMs))
  expect(asked).toHaveLength(2)
  expect(asked[1]).toBeGreaterThan(startMs - 10 * minuteMs)
})

test('forgets what is older than a day', async () => {
  const clock = new VirtualClock()
  const first = sampleAt(clock.wallMs())
  let isFirst = true
  const history = new HeldHistory(clock, async () => {
    const found = isFirst ? [first] : []
    isFirst = false
    return found
  })
  expect(await history.since(0)).toEqual([first])
  await clock.advance(24 * 3_600_000 + 1)
  expect(await history.since(0)).toEqual([])
})
