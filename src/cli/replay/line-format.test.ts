import { expect, it } from 'vitest'
import { formatOf, isHeader } from './line-format.ts'

const rows = ['807256800,0,1713,get,,0', '807256804,1,8677,get,,1']

it.each([
  [rows, rows[1], '1'],
  [['1,17,512,set,', '2,18,,get,60'], ',a key,,,', 'a key'],
  [['17', '18'], '17', '17'],
  [['user:1', 'market 7, group 2'], 'market 7, group 2', 'market 7, group 2'],
  // One damaged line does not turn a table into a list.
  [[...rows, 'damaged'], rows[0], '0'],
])('of %j knows the key of %j', (lines, line, key) => {
  expect(formatOf(lines)(line ?? '')?.key).toBe(key)
})

it.each([
  [['17'], ''],
  [['17'], 'a\0b'],
  [['17'], 'x'.repeat(1_025)],
  [rows, '807256800,,1713,get,'],
  [rows, 'yesterday,7,1713,get,'],
  [rows, '807256800,7,1713'],
  [rows, '807256800,7,1713,get,,0,more'],
])('of %j knows no key of %j', (lines, line) => {
  expect(formatOf(lines)(line)).toBeUndefined()
})

it('knows the client of a row that has one', () => {
  const accessOf = formatOf(rows)
  expect(rows.map((row) => accessOf(row)?.client)).toEqual(['0', '1'])
  expect(accessOf('1,7,,get,,')?.client).toBeUndefined()
  expect(accessOf('1,7,,get,60')?.client).toBeUndefined()
})

it('tells a header from a key', () => {
  expect(['key', 'timestamp_s,key,size,op,ttl', 'keys', '17'].map(isHeader)).toEqual([
    true,
    true,
    false,
    false,
  ])
})
