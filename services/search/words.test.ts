import { expect, test } from 'vitest'
import { queryWordsOf, slugWordsOf } from './words.ts'

const key = (text: string) => queryWordsOf(text).join(' ')

test.each([
  ['case', 'BOSTON Red Sox', 'boston red sox'],
  ['accents', 'Pérez, José', 'jose perez'],
  ['spaces', '  boston \t red   sox ', 'boston red sox'],
  ['word order', 'sox red boston', 'boston red sox'],
  ['a word said twice', 'boston boston red sox', 'boston red sox'],
  ['fillers', 'Will the Boston Red Sox be in it?', 'boston red sox'],
  ['punctuation', '"boston" (red) sox!', 'boston red sox'],
  ['full-width letters', 'ｂｏｓｔｏｎ red sox', 'boston red sox'],
])('%s makes no other query', (_, text, expected) => {
  expect(key(text)).toBe(expected)
})

test.each([
  ['a sign', 'spread -1.5', 'spread +1.5'],
  ['a point', 'over 5.5', 'over 55'],
  ['the order within a date', '2026-07-10', '2026-10-07'],
  ['the order within a score', 'yankees 3-2', 'yankees 2-3'],
  ['a year', 'ipo 2026', 'ipo 2027'],
  ['a unit', 'bitcoin 150k', 'bitcoin 150'],
  ['a negation', 'bitcoin not 150k', 'bitcoin 150k'],
  ['over and under', 'over 5.5', 'under 5.5'],
])('%s makes another query', (_, one, other) => {
  expect(key(one)).not.toBe(key(other))
})

test('a date is one word without signs, and thousands have no comma', () => {
  expect(key('2026-07-10')).toBe('2026-07-10')
  expect(key('yankees 7/10/2026')).toBe('7/10/2026 yankees')
  expect(key('10.07.2026')).toBe('10.07.2026')
  expect(key('+1.5/-1.5')).toBe('+1.5 -1.5')
  expect(key('1,000 tons')).toBe('1000 tons')
})

test('fillers are looked for where there is nothing else', () => {
  expect(key('Who?')).toBe('who')
  expect(key('?!')).toBe('')
})

test('a slug tells numbers as people write them', () => {
  const words = slugWordsOf('tsc-mlb-bos-nym-2026-07-10-5pt5')
  expect(words).toEqual(expect.arrayContaining(['5.5', '2026-07-10', '2026', '07', '10']))
})

test('a query stays below the greatest length of a key, whatever is asked', () => {
  for (const text of ['ﷺ'.repeat(200), '😀a'.repeat(100), '漢'.repeat(200), 'ab '.repeat(66)]) {
    expect(encodeURIComponent(key(text)).length).toBeLessThanOrEqual(1_000)
  }
})
