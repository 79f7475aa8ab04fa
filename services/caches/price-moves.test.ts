import { expect, test } from 'vitest'
import { isLargeMove } from './price-moves.ts'

test('a move is large from the threshold on, up or down', () => {
  expect(isLargeMove(0.5, 0.55, 0.05)).toBe(true)
  expect(isLargeMove(0.55, 0.5, 0.05)).toBe(true)
  expect(isLargeMove(0.5, 0.549, 0.05)).toBe(false)
  expect(isLargeMove(0.7, 0.75, 0.05)).toBe(true)
})
