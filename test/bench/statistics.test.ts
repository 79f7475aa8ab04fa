import { describe, expect, test } from 'vitest'
import {
  cpuMicrosPerOperation,
  medianOf,
  operationsPerSecond,
  ratioOf,
  spreadOf,
  type Turn,
} from '../../bench/statistics.ts'

function turn(operations: number, cpuMicros: number): Turn {
  return { operations, cpuMicros, wallMs: 500 }
}

describe('statistics', () => {
  test('the median is the middle number, or the mean of the two in the middle', () => {
    expect(medianOf([9])).toBe(9)
    expect(medianOf([9, 1, 5])).toBe(5)
    expect(medianOf([10, 9, 1, 2])).toBe(5.5)
  })

  test('no numbers have no median', () => {
    expect(() => medianOf([])).toThrow(RangeError)
  })

  test('the numbers given stay in their order', () => {
    const numbers = [3, 1, 2]
    medianOf(numbers)
    expect(numbers).toEqual([3, 1, 2])
  })

  test('a spread is told from the median to the extremes', () => {
    expect(spreadOf([4, 100, 2])).toEqual({ median: 4, min: 2, max: 100 })
  })

  test('a turn is judged by operation and by second', () => {
    expect(cpuMicrosPerOperation(turn(200, 500))).toBe(2.5)
    expect(operationsPerSecond(turn(200, 500))).toBe(400)
  })

  test('a ratio is taken within each round, whatever disturbed the round', () => {
    const base = [turn(10, 10), turn(10, 1_000), turn(10, 20)]
    const ours = [turn(10, 20), turn(10, 2_000), turn(10, 40)]
    expect(ratioOf(ours, base)).toEqual({ median: 2, min: 2, max: 2 })
  })

  test('a contestant that did fewer operations is compared by operation', () => {
    expect(ratioOf([turn(1, 30)], [turn(10, 100)]).median).toBe(3)
  })

  test('turns of different rounds are not compared', () => {
    expect(() => ratioOf([turn(1, 1)], [])).toThrow(RangeError)
  })
})
