import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { deriveMarket } from './derive-market.ts'
import { Exchange } from './exchange.ts'
import type { Frame } from './market.ts'
import { Replay, STEP_MAX_MS } from './replay.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-20T12:00:00Z') })
})
afterEach(() => {
  vi.useRealTimers()
})

const MINUTE_MS = 60_000
const frames: Frame[] = [0, 2, 4].map((minute, index) => ({
  atMs: minute * MINUTE_MS,
  quotes: new Map([['a', { bid: 0.1 + index / 10, ask: 0.2 + index / 10, volume24h: 1 }]]),
}))

function openReplay(speed: number) {
  const market = deriveMarket({
    slug: 'a',
    question: 'A?',
    category: '',
    opening: { bid: 0.1, ask: 0.2, volume24h: 1 },
    recordedAtMs: 0,
  })
  const exchange = new Exchange({ markets: [market], quoted: ['a'], nowMs: Date.now })
  const replay = new Replay({ frames, speed, exchange })
  return { replay, exchange, quote: () => exchange.quote(market) }
}

test('keeps the recorded distances, divided by the speed', () => {
  const { replay, quote } = openReplay(120)

  replay.resume()
  vi.advanceTimersByTime(20 + 999)
  expect(quote().bid).toBeCloseTo(0.1)
  vi.advanceTimersByTime(1)

  expect(quote().bid).toBeCloseTo(0.2)
  replay.close()
})

test('never waits longer than its bound, however slow the replay', () => {
  const { replay, quote } = openReplay(0.001)

  replay.resume()
  vi.advanceTimersByTime(20 + STEP_MAX_MS)

  expect(quote().bid).toBeCloseTo(0.2)
  replay.close()
})

test('starts again at the end while numbers and times go on rising', () => {
  const { replay, quote } = openReplay(120)
  const seen = Array.from({ length: 7 }, () => {
    vi.advanceTimersByTime(10)
    replay.tick()
    return quote()
  })

  expect(replay.position).toMatchObject({ loops: 2, frame: 1 })
  const seqs = seen.map(({ seq }) => seq)
  expect(seqs).toEqual([...seqs].sort((a, b) => a - b))
  expect(new Set(seqs).size).toBeGreaterThan(frames.length)
})

test('stands still while held and leaves no timer when closed', () => {
  const { replay } = openReplay(120)

  replay.resume()
  replay.pause()
  expect(vi.getTimerCount()).toBe(0)
  replay.resume()
  replay.close()

  expect(vi.getTimerCount()).toBe(0)
})

test('never dates a quote before an earlier one, also when the clock is set back', () => {
  const { replay, quote } = openReplay(120)
  replay.tick()
  replay.tick()
  const before = quote().timestampMs

  vi.setSystemTime(before - 60_000)
  replay.tick()

  expect(quote().timestampMs).toBeGreaterThanOrEqual(before)
})

test('begins above the numbers of its former self after a restart', () => {
  const first = openReplay(120)
  for (let index = 0; index < 50; index += 1) first.replay.tick()
  vi.advanceTimersByTime(1)

  expect(openReplay(120).exchange.seq).toBeGreaterThan(first.exchange.seq)
})
