import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodePercent, encodePercent, isEncodedCharacter, isWellFormed } from './percent.ts'

const anyText = fc.string({ unit: 'binary', maxLength: 60 })

test.each([
  ['517310', '517310'],
  ['a.b-c~d', 'a.b-c~d'],
  ['a_b:c', 'a%5Fb%3Ac'],
  ['*?[]\\', '%2A%3F%5B%5D%5C'],
  ["!'()", '%21%27%28%29'],
  ['é€😀', '%C3%A9%E2%82%AC%F0%9F%98%80'],
  ['{ns:0}|,;%', '%7Bns%3A0%7D%7C%2C%3B%25'],
  ['\0\n ', '%00%0A%20'],
  ['', ''],
])('encodes %j as %s', (text, encoded) => {
  expect(encodePercent(text)).toBe(encoded)
  expect(decodePercent(encoded)).toBe(text)
})

test('every well-formed text comes back, and the encoding is plain', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const encoded = encodePercent(text) ?? 'none'
      expect(decodePercent(encoded)).toBe(text)
      expect([...encoded].every(isEncodedCharacter)).toBe(true)
    }),
  )
})

test('no text but an encoded one decodes', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('%', '4', '1', 'C', '3', 'a', '_') }), (text) => {
      const decoded = decodePercent(text)
      if (decoded !== undefined) expect(encodePercent(decoded)).toBe(text)
    }),
  )
})

test.each(['%', '%4', '%zz', '%41', '%c3%a9', '%C3', '%C0%80', '%ED%A0%80', 'a_b', 'a b'])(
  'does not decode %j',
  (text) => {
    expect(decodePercent(text)).toBeUndefined()
  },
)

test('half of a surrogate pair has no encoding', () => {
  for (const text of ['\ud800', 'a\udc00b', '\udc00\ud800']) {
    expect(isWellFormed(text)).toBe(false)
    expect(encodePercent(text)).toBeUndefined()
  }
  expect(isWellFormed('😀')).toBe(true)
})
