import { expect, test } from 'vitest'
import { isMap, isNumber, isText, listOf, mapOf, shapeOf } from './json-shape.ts'

const strange: readonly unknown[] = [undefined, null, true, 7, 'text', [], [7], {}]

test('a map has values of one kind, and may have none', () => {
  expect([mapOf(isNumber)({}), mapOf(isNumber)({ a: 1, b: 2 })]).toEqual([true, true])
  expect([mapOf(isNumber)({ a: 1, b: '2' }), mapOf(isText)({ a: null })]).toEqual([false, false])
  const maps = strange.filter((one) => mapOf(() => true)(one))
  expect(maps).toEqual(strange.filter(isMap))
  expect(maps).toEqual([{}])
})

test('a map of anything optional is still no other thing than a map', () => {
  const isOptional = (found: unknown) => found === undefined || isNumber(found)
  expect(strange.filter((one) => mapOf(isOptional)(one))).toEqual([{}])
})

test('a shape has its fields, and may have more', () => {
  const isRow = shapeOf({ name: isText, counts: listOf(isNumber) })
  expect(isRow({ name: 'a', counts: [1, 2], more: true })).toBe(true)
  expect(isRow({ name: 'a', counts: [1, '2'] })).toBe(false)
  expect(isRow({ name: 'a' })).toBe(false)
  expect(strange.filter((one) => isRow(one))).toEqual([])
})
