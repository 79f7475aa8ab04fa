import { expect, test } from 'vitest'
import { kindOf, PatternMiner } from './key-pattern.ts'

const patternsOf = (...keys: readonly string[]): readonly string[] => {
  const miner = new PatternMiner(keys)
  return [...new Set(keys.map((key) => miner.patternOf(key).text))]
}

test.each([
  ['user:42:profile', 'user:{int}:profile'],
  ['api/v2/page', 'api/v2/page'],
  ['session:f47ac10b-58cc-4372-a567-0e02b2c3d479', 'session:{uuid}'],
  ['job:01ARZ3NDEKTSV4RRFFQ69G5FAV', 'job:{ulid}'],
  ['tx:0x52908400098527886E0F7030', 'tx:{hex}'],
  ['report:2026-11-20', 'report:{date}'],
  ['mail:bob.smith@example.co.uk:inbox', 'mail:{email}:inbox'],
  ['sms:+4915112345678', 'sms:{phone}'],
  ['s:eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 's:{jwt}'],
  ['blob:aGVsbG8gd29ybGQ=', 'blob:{text}'],
  ['', '{text}'],
])('%s looks like %s', (key, pattern) => {
  expect(patternsOf(key)).toEqual([pattern])
})

test('a place with many words holds ids', () => {
  const letters = Array.from({ length: 26 }, (_, at) => String.fromCharCode(97 + at))
  const keys = letters.map((letter) => `user:${letter.repeat(3)}:profile`)
  expect(patternsOf(...keys)).toEqual(['user:{text}:profile'])
})

test('a place with few words holds names', () => {
  expect(patternsOf('user:admin', 'user:guest')).toEqual(['user:admin', 'user:guest'])
})

test('words and separators are told apart', () => {
  const miner = new PatternMiner([])
  expect(miner.patternOf('user:7_profile')).toMatchObject({
    words: 'user {int} profile',
    separators: [':', '_'],
  })
})

test('a name of any length and any bytes is looked at in its beginning', () => {
  expect(patternsOf(Array.from({ length: 1_000 }, () => 'a').join(':'))[0]?.length).toBeLessThan(50)
  expect(kindOf('\u0000\u001f')).toBe('text')
})

test('whatever stands in a name, it is read in one pass', () => {
  // Where each length took four times the time of its half, this would not end.
  const length = 2 ** 20
  for (const part of ['a', 'a@', '@', 'a%40', 'a@b.', '.', 'eyJ:', '%']) {
    const name = `x@y${part.repeat(length / part.length)}`
    expect(new PatternMiner([name]).patternOf(name).separators.length).toBeLessThan(3)
  }
})
