import { expect, test } from 'vitest'
import { parseDuration } from './duration.ts'

test.each([
  ['30s', 30_000],
  ['1.5s', 1_500],
  ['250ms', 250],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['30d', 2_592_000_000],
  ['0.0015s', 2],
  [1_500, 1_500],
])('reads %s as %d milliseconds', (input, ms) => {
  expect(parseDuration(input)).toBe(ms)
})

test.each([
  '1.5.2s',
  '30 sec',
  '30S',
  's',
  '',
  '-1s',
  '+1s',
  '1e3s',
  '.5s',
  '0s',
  '9999999d',
  0,
  -5,
  Number.POSITIVE_INFINITY,
  Number.NaN,
  undefined,
  null,
  10n,
  {},
])('refuses %s', (input) => {
  expect(parseDuration(input)).toBeUndefined()
})
