import { expect, test } from 'vitest'
import { type LatencyHistogram, parseInfo } from '../../inspect/index.ts'
import { histogramsBetween, type Snapshot, windowOf } from './window.ts'

function snapshot(atMs: number, text: string, get?: LatencyHistogram): Snapshot {
  const histograms = get ? { value: new Map([['get', get]]) } : { missing: 'it was refused' }
  return { atMs, info: parseInfo(text), histograms }
}

test('a histogram of the window has what was added, whichever edges were empty before', () => {
  const first = snapshot(0, '', [
    [1, 5],
    [4, 7],
  ])
  const last = snapshot(1_000, '', [
    [1, 5],
    [2, 8],
    [4, 11],
    [8, 12],
  ])
  expect(histogramsBetween(first, last).value?.get('get')).toEqual([
    [1, 0],
    [2, 3],
    [4, 4],
    [8, 5],
  ])
})

test('a command that was called for the first time has all of its calls', () => {
  const first = { ...snapshot(0, ''), histograms: { value: new Map() } }
  const last = snapshot(1_000, '', [[1, 5]])
  expect(histogramsBetween(first, last).value?.get('get')).toEqual([[1, 5]])
})

test('where one is missing there is none, and the reason', () => {
  const whole = snapshot(0, '', [[1, 5]])
  expect(histogramsBetween(whole, snapshot(1, ''))).toEqual({ missing: 'it was refused' })
  expect(histogramsBetween(snapshot(0, ''), whole)).toEqual({ missing: 'it was refused' })
})

test('counters of the window are differences; one that fell was reset, and is unknown', () => {
  const window = windowOf(
    snapshot(1_000, 'hits:5\nmisses:9\ncmdstat_get:calls=2,usec=2\nerrorstat_OOM:count=1'),
    snapshot(3_500, 'hits:8\nmisses:1\ncmdstat_get:calls=7,usec=9\nerrorstat_OOM:count=4'),
  )
  expect(window.windowS).toBe(2.5)
  expect(window.delta('hits')).toBe(3)
  expect(window.findDelta('misses')).toBeUndefined()
  expect(() => window.delta('misses')).toThrow(/INFO does not give misses/)
  expect(window.calls()).toEqual(new Map([['get', 5]]))
  expect(window.errors()).toEqual(new Map([['OOM', 3]]))
})
