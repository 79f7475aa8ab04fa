import fc from 'fast-check'
import { expect, test } from 'vitest'
import { carry } from '../core/value.ts'
import { jsonCodec } from './json.ts'

test('what is carried comes back equal', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      if (!carry(value, true).ok) return
      expect(jsonCodec.decode(jsonCodec.encode(value))).toEqual(value)
    }),
  )
})

test('has a name that fits into a slot', () => {
  expect(jsonCodec.name).toMatch(/^[a-z0-9]{1,3}$/)
})

test('tells the size in UTF-8, also of lone surrogates', () => {
  expect(jsonCodec.sizeBytes('é€😀a')).toBe(2 + 3 + 4 + 1)
  expect(jsonCodec.sizeBytes(jsonCodec.encode('\ud800'))).toBe('"\\ud800"'.length)
})

test('text of others throws', () => {
  expect(() => jsonCodec.decode('{')).toThrow(SyntaxError)
})
