import { expect, it } from 'vitest'
import { countText, shareText, shortCount, sizeText, timeText } from './amounts.ts'

it.each([
  [0, '0'],
  [0.25, '0.3'],
  [999, '999'],
  [1_234, '1.2k'],
  [99_960, '100k'],
  [999_999, '1.0M'],
  [12_000_000, '12.0M'],
])('writes the count %d in at most five characters: %s', (count, text) => {
  expect(shortCount(count)).toBe(text)
})

it.each([
  [0, '0 B'],
  [1_023, '1023 B'],
  [1_536, '1.5 kB'],
  [67_108_864, '64 MB'],
  [150 * 1_024 ** 3, '150 GB'],
])('writes %d bytes as %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text)
})

it.each([
  [0.4, '0 ms'],
  [35, '35 ms'],
  [2_500, '2.5 s'],
  [600_000, '10 m'],
  [90 * 86_400_000, '90 d'],
])('writes %d milliseconds as %s', (ms, text) => {
  expect(timeText(ms)).toBe(text)
})

it('writes whole counts with separators, and shares in percent', () => {
  expect(countText(1_234_567)).toBe('1,234,567')
  expect(shareText(0.9123)).toBe('91.2 %')
  expect(shareText(undefined)).toBe('–')
})
