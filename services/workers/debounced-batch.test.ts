import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { silentLogger } from '../process/logger.ts'
import { DebouncedBatch } from './debounced-batch.ts'

let writes: { readonly atMs: number; readonly items: readonly string[] }[]
let failures: number

beforeEach(() => {
  vi.useFakeTimers()
  writes = []
  failures = 0
})
afterEach(() => {
  vi.useRealTimers()
})

function openBatch({ delayMs = 15_000, gapMs = 500 } = {}): DebouncedBatch<string> {
  const startMs = performance.now()
  return new DebouncedBatch<string>({
    name: 'test',
    delayMs,
    gapMs,
    log: silentLogger(),
    write: async (items) => {
      if (failures > 0) {
        failures -= 1
        throw new Error('the database is away')
      }
      writes.push({ atMs: performance.now() - startMs, items })
    },
  })
}

test('a change waits for the delay, and further ones never restart it', async () => {
  const batch = openBatch()
  for (let index = 0; index < 20; index += 1) {
    batch.add(['a', `b${index % 2}`])
    await vi.advanceTimersByTimeAsync(1_000)
  }
  expect(writes).toEqual([{ atMs: 15_000, items: ['a', 'b0', 'b1'] }])
})

test('the wait of a change that comes after a write counts from that change', async () => {
  const batch = openBatch()
  batch.add(['a'])
  await vi.advanceTimersByTimeAsync(20_000)
  batch.add(['b'])
  await vi.advanceTimersByTimeAsync(20_000)
  expect(writes.map((write) => write.atMs)).toEqual([15_000, 35_000])
})

test('two writes a second are never exceeded', async () => {
  const batch = openBatch({ delayMs: 0 })
  for (let index = 0; index < 300; index += 1) {
    batch.add([`${index}`])
    await vi.advanceTimersByTimeAsync(10)
  }
  const starts = writes.map((write) => write.atMs)
  const gaps = starts.slice(1).map((atMs, index) => atMs - (starts[index] ?? 0))
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(500)
  expect(writes.length).toBeGreaterThan(4)
})

test('a failed write is repeated and loses nothing', async () => {
  const batch = openBatch({ delayMs: 100 })
  failures = 2
  batch.add(['a', 'b'])
  await vi.advanceTimersByTimeAsync(100)
  batch.add(['c'])
  await vi.advanceTimersByTimeAsync(5_000)
  expect(writes.map((write) => [...write.items].sort())).toEqual([['a', 'b', 'c']])
})

test('a write that goes on failing is repeated ever more seldom, also without a gap', async () => {
  const batch = openBatch({ delayMs: 0, gapMs: 0 })
  failures = 1_000
  batch.add(['a'])
  await vi.advanceTimersByTimeAsync(60_000)
  // At 0 s and after at most 0.5, 1, 2, 4, 8, 16, 30 s, or half of each.
  expect(1_000 - failures).toBeGreaterThanOrEqual(6)
  expect(1_000 - failures).toBeLessThanOrEqual(9)
  failures = 0
  await vi.advanceTimersByTimeAsync(60_000)
  batch.add(['b'])
  await vi.advanceTimersByTimeAsync(0)
  expect(writes.map((write) => write.items)).toEqual([['a'], ['b']])
})

test('closing writes what waits', async () => {
  const batch = openBatch()
  batch.add(['a'])
  await batch.close()
  expect(writes).toEqual([{ atMs: 0, items: ['a'] }])
  expect(vi.getTimerCount()).toBe(0)
})

test('a shorter delay holds at once for what waits already', async () => {
  const batch = openBatch()
  batch.add(['a'])
  await vi.advanceTimersByTimeAsync(3_000)
  batch.adjust({ delayMs: 2_000 })
  await vi.advanceTimersByTimeAsync(0)
  expect(writes.map((write) => write.atMs)).toEqual([3_000])
})
