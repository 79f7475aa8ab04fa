import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { silentLogger } from './logger.ts'
import { Loop } from './loop.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function openLoop(run: (signal: AbortSignal) => Promise<void>): Loop {
  return new Loop({ name: 'test', pauseMs: 1_000, log: silentLogger(), run })
}

test('runs at once, and again after each pause', async () => {
  const run = vi.fn(async () => undefined)
  const loop = openLoop(run)
  await vi.advanceTimersByTimeAsync(2_500)
  expect(run).toHaveBeenCalledTimes(3)
  await loop.close()
  expect(vi.getTimerCount()).toBe(0)
})

test('never runs twice at once, and a wake-up during a run is not lost', async () => {
  let end = () => {}
  const run = vi.fn(() => new Promise<void>((resolve) => (end = resolve)))
  const loop = openLoop(run)
  loop.wake()
  loop.wake()
  expect(run).toHaveBeenCalledTimes(1)
  end()
  await vi.advanceTimersByTimeAsync(0)
  expect(run).toHaveBeenCalledTimes(2)
  end()
  await loop.close()
})

test('slows down while it fails, up to half a minute, and recovers', async () => {
  let isBroken = true
  const startsMs: number[] = []
  const loop = openLoop(async () => {
    startsMs.push(performance.now())
    if (isBroken) throw new Error('away')
  })
  await vi.advanceTimersByTimeAsync(300_000)
  const gaps = startsMs.slice(1).map((startMs, index) => startMs - (startsMs[index] ?? 0))
  expect(Math.max(...gaps)).toBeLessThanOrEqual(30_000)
  expect(gaps.at(-1)).toBeGreaterThanOrEqual(15_000)
  isBroken = false
  await vi.advanceTimersByTimeAsync(30_000)
  const count = startsMs.length
  await vi.advanceTimersByTimeAsync(5_000)
  expect(startsMs.length).toBe(count + 5)
  await loop.close()
})

test('closing tells the run and waits for it', async () => {
  let hasEnded = false
  const loop = openLoop(
    (signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          hasEnded = true
          resolve()
        })
      }),
  )
  await loop.close()
  expect(hasEnded).toBe(true)
})
