import { expect, test } from 'vitest'
import { MissStreak } from './miss-streak.ts'

test('a streak of misses is long after eight, and over with the first hit', () => {
  const streak = new MissStreak()
  streak.add(7)
  expect(streak.isLong).toBe(false)
  streak.add(1)
  expect(streak.isLong).toBe(true)
  streak.end()
  expect(streak.isLong).toBe(false)
})
