import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deepEqual } from './deep-equal.ts'

test('agrees with the canonical text of values', () => {
  const value = fc.jsonValue({ maxDepth: 2 }).map((any) => JSON.parse(JSON.stringify(any)))
  fc.assert(
    fc.property(value, value, (left, right) => {
      expect(deepEqual(left, structuredClone(left))).toBe(true)
      expect(deepEqual(left, right)).toBe(canonical(left) === canonical(right))
    }),
  )
})

test.each([
  [{ a: undefined }, {}, true],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
  [{ a: undefined, b: 1 }, { a: 1, b: undefined }, false],
  [[], {}, false],
  [null, {}, false],
  [1, '1', false],
  [[1, 2], [1], false],
])('%j and %j: %s', (left, right, isEqual) => {
  expect(deepEqual(left, right)).toBe(isEqual)
})

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  const parts = Object.entries(value).map(
    ([name, part]) => `${JSON.stringify(name)}:${canonical(part)}`,
  )
  return `{${parts.sort().join()}}`
}
