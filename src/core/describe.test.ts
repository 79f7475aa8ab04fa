import { expect, test } from 'vitest'
import { describe } from './describe.ts'

test.each([
  ['abc', 'the string "abc"'],
  ['x'.repeat(1_000), `the string "${'x'.repeat(60)}…"`],
  [7, 'the number 7'],
  [-0, 'the number -0'],
  [1n, 'the bigint 1n'],
  [undefined, 'undefined'],
  [null, 'null'],
  [true, 'true'],
  [Symbol('x'), 'a symbol'],
  [() => 1, 'a function'],
  [[1, 2], 'an array of 2'],
  [{}, 'an empty object'],
  [{ a: 1, b: 2 }, 'an object with a, b'],
  [new Date(0), 'an object of class Date'],
  [Object.create(null), 'an empty object'],
])('$1', (value, text) => {
  expect(describe(value)).toBe(text)
})
