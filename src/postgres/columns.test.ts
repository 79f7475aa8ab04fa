import { expect, test } from 'vitest'
import { columnsIn, rowOf } from './columns.ts'

test('a row has the declared columns as numbers and texts, and no null', () => {
  const columns = columnsIn('t', { id: 'int', name: 'string', age: 'int?', note: 'string?' })
  const text = { id: '-7', name: '', age: null, note: null, other: 'x' }
  expect(rowOf(columns, text)).toEqual({ id: -7, name: '', age: undefined, note: undefined })
})

test.each([
  ['int', null],
  ['string', null],
  ['int', '9007199254740993'],
  ['int', '1.5'],
  ['int', ''],
  ['int', undefined],
] as const)('a column %s refuses %s', (kind, text) => {
  const row: Record<string, string | null> = text === undefined ? {} : { a: text }
  expect(() => rowOf({ a: kind }, row)).toThrow("column 'a'")
})

test.each([undefined, [], { a: 'bigint' }])('columns refuse %o', (given) => {
  expect(() => columnsIn('t', given)).toThrow('SP_OPTION_INVALID')
})
