import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Counts, type Step } from './counts.ts'

function stepOf(number: number): Step | undefined {
  const counts = new Counts()
  counts.add(number, 2)
  return [...counts.steps()][0]
}

it('tells small numbers apart', () => {
  const counts = new Counts()
  for (let number = 0; number < 64; number++) counts.add(number, number + 1)
  const steps = [...counts.steps()]
  expect(steps.map(({ first }) => first)).toEqual(Array.from({ length: 64 }, (_, at) => at))
  for (const { first, last, weight } of steps) expect([last, weight]).toEqual([first, first + 1])
})

it('puts a large number into a step of at most 3.2 % around it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 64, max: 2 ** 31 - 1 }), (number) => {
      const { first = 0, last = 0, weight } = stepOf(number) ?? {}
      expect(first).toBeLessThanOrEqual(number)
      expect(last).toBeGreaterThanOrEqual(number)
      expect((last - first) / first).toBeLessThanOrEqual(1 / 32)
      expect(weight).toBe(2)
    }),
  )
})

it('counts what is too large as the largest', () => {
  expect(stepOf(2 ** 40)).toEqual(stepOf(2 ** 31 - 1))
})

it('adds up, and makes what was counted weigh less', () => {
  const [counts, others] = [new Counts(), new Counts()]
  counts.add(7, 4)
  counts.scale(0.5)
  others.add(7, 1)
  others.add(9, 1)
  counts.addAll(others, 3)
  expect([...counts.steps()].map(({ first, weight }) => [first, weight])).toEqual([
    [7, 5],
    [9, 3],
  ])
})
