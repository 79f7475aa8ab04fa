import { expect, test } from 'vitest'
import { parseByteSize } from './byte-size.ts'

test.each([
  ['64mb', 67_108_864],
  ['64MB', 67_108_864],
  ['1.5kb', 1_536],
  ['1gb', 1_073_741_824],
  ['12b', 12],
  [4_096, 4_096],
])('reads %s as %d bytes', (input, bytes) => {
  expect(parseByteSize(input)).toBe(bytes)
})

test.each([
  '64 mb',
  '64m',
  'mb',
  '-1kb',
  '0b',
  0,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 60,
  null,
])('refuses %s', (input) => {
  expect(parseByteSize(input)).toBeUndefined()
})
