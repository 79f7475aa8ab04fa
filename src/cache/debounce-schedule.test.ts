import { describe, expect, test } from 'vitest'
import { type DebounceState, goesAlongSinceMs, nextFlushMs, pauseMs } from './debounce-schedule.ts'

const state: DebounceState = {
  ...{ waitMs: 15_000, gapMs: 500, oldestMs: 100, size: 1, sizeMax: 100 },
  ...{ lastMs: Number.NEGATIVE_INFINITY, pausedUntilMs: Number.NEGATIVE_INFINITY },
}

describe('the next flush', () => {
  test('is none where nothing waits', () => {
    expect(nextFlushMs({ ...state, oldestMs: undefined })).toBeUndefined()
  })

  test('is when the oldest change has waited for as long as it may', () => {
    expect(nextFlushMs(state)).toBe(15_100)
  })

  test('keeps its distance from the last one, and from a failure', () => {
    expect(nextFlushMs({ ...state, lastMs: 15_000 })).toBe(15_500)
    expect(nextFlushMs({ ...state, lastMs: 15_000, pausedUntilMs: 20_000 })).toBe(20_000)
  })

  test('waits for nothing but its distance once half of the room is taken', () => {
    expect(nextFlushMs({ ...state, size: 49 })).toBe(15_100)
    expect(nextFlushMs({ ...state, size: 50 })).toBe(100)
    expect(nextFlushMs({ ...state, size: 50, lastMs: 90 })).toBe(590)
  })
})

describe('along with it goes', () => {
  test('what would be due before the next one may begin', () => {
    expect(goesAlongSinceMs(state, 15_100)).toBe(600)
  })

  test('everything, once half of the room is taken', () => {
    expect(goesAlongSinceMs({ ...state, size: 50 }, 15_100)).toBe(15_100)
  })
})

test('failures in a row are answered by longer pauses, up to a bound, never by none', () => {
  expect([1, 2, 3].map((failures) => pauseMs(failures, 500, 1))).toEqual([500, 1_000, 2_000])
  expect(pauseMs(1, 500, 0)).toBe(250)
  for (const gapMs of [10, 500]) expect(pauseMs(1_000_000, gapMs, 1)).toBe(30_000)
})
