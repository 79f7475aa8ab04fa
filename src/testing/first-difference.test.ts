import { expect, it } from 'vitest'
import { firstDifference } from './first-difference.ts'

it.each([
  [1, 2, 'it is 1 and should be 2'],
  [undefined, { a: 1 }, 'it is absent and should be {"a":1}'],
  [{ a: { b: [1, 2] } }, { a: { b: [1, 3] } }, 'a.b[1] is 2 and should be 3'],
  [[{ size: 1 }], [{ size: 2 }], '[0].size is 1 and should be 2'],
  [[], [7], '[0] is absent and should be 7'],
  [{ a: 1, b: 2 }, { a: 1 }, 'b is 2 and should be absent'],
  [{ a: [] }, { a: {} }, 'a is [] and should be {}'],
])('tells %j from %j', (served, truth, told) => {
  expect(firstDifference(served, truth)).toBe(told)
})

it('shows of long values only the beginning', () => {
  expect(firstDifference('x'.repeat(1_000), '').length).toBeLessThan(100)
})
