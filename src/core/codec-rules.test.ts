import { expect, test } from 'vitest'
import type { Codec } from './codec.ts'
import { resolveCodec } from './codec-rules.ts'

const own: Codec = { kind: 'text', name: 'own', encode: String, decode: (text) => text }

test('a family is written in JSON, compressed where it pays, plain and guarded by default', () => {
  expect(resolveCodec('family', {})).toEqual({
    codec: 'json',
    compression: 'auto',
    isEncrypted: false,
    isGuarded: true,
  })
})

test('what is encrypted may be sensitive, and so may be what is declared so', () => {
  expect(resolveCodec('family', { encrypted: true })).toMatchObject({ isGuarded: false })
  expect(resolveCodec('family', { sensitive: 'allow' })).toMatchObject({ isGuarded: false })
})

test.each([{ codec: 'msgpack' }, { codec: own }])('%j is taken as it is', ({ codec }) => {
  expect(resolveCodec('family', { codec }).codec).toBe(codec)
})

test.each([
  { codec: 'cbor' },
  { codec: { ...own, name: 'j' } },
  { codec: { ...own, name: 'm1' } },
  { codec: { ...own, name: 'long' } },
  { codec: { ...own, name: 'Up' } },
  { codec: { ...own, kind: 'other' } },
  { codec: { ...own, decode: undefined } },
  { compress: 'gzip' },
  { compress: true },
  { encrypted: 'yes' },
  { sensitive: true },
])('%j is refused', (fields) => {
  expect(() => resolveCodec('family', fields)).toThrow('SP_OPTION_INVALID')
})
