import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hash48 } from '../base/hash.ts'
import type { Codec } from '../core/codec.ts'
import type { Envelope } from '../core/envelope.ts'
import { carry } from '../core/value.ts'
import { largeFromBytes } from './compression.ts'
import {
  type EnvelopeWish,
  envelopeOf,
  openedBy,
  PLACE,
  sealedBy,
} from './envelope.test-support.ts'
import { msgpackCodec } from './msgpack.ts'

const msgpack = await msgpackCodec()
const kinds: readonly (readonly [string, EnvelopeWish])[] = [
  ['JSON', {}],
  ['JSON, never compressed', { compression: false }],
  ['JSON, deflated', { compression: 'deflate' }],
  ['JSON, by brotli', { compression: 'brotli' }],
  ['JSON, encrypted', { keys: ['k1'] }],
  ['MessagePack', { codec: msgpack }],
  ['MessagePack, never compressed', { codec: msgpack, compression: false }],
  ['MessagePack, encrypted', { codec: msgpack, keys: ['k1'] }],
]
const list = (count: number) =>
  Array.from({ length: count }, (_, id) => ({ id, name: `Straße ${id}`, tags: ['a', 'b'] }))

describe.each(kinds)('%s', (_, wish) => {
  const envelope = envelopeOf(wish)

  test('gives back what it was given, as a byte string on the way', async () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }))
    const value = fc.oneof(fc.jsonValue(), text, fc.array(text, { minLength: 60, maxLength: 80 }))
    await fc.assert(
      fc.asyncProperty(value, async (given) => {
        fc.pre(carry(given, false).ok && isTaken(envelope, given))
        const sealed = await sealedBy(envelope, given)
        expect(sealed.payload).toMatch(/^[\0-\xff]*$/)
        expect(await openedBy(envelope, sealed)).toEqual(given)
      }),
    )
  })

  test.each([20, 2_000])('gives back a list of %i', async (count) => {
    const sealed = await sealedBy(envelope, list(count))
    expect(await openedBy(envelope, sealed)).toEqual(list(count))
  })

  test('refuses every payload that is cut', async () => {
    const sealed = await sealedBy(envelope, list(30))
    for (let length = 0; length < sealed.payload.length; length += 7) {
      const cut = { ...sealed, payload: sealed.payload.slice(0, length) }
      await expect(async () => openedBy(envelope, cut)).rejects.toThrow()
    }
  })
})

/** False: the codec refuses it, which is a matter of the codec suite. */
function isTaken(envelope: Envelope, value: unknown): boolean {
  try {
    envelope.encode(value)
    return true
  } catch {
    return false
  }
}

test('the mark says what was done, and nothing was done to small ASCII text', async () => {
  const marks = async (wish: EnvelopeWish) => {
    const values = ['small', 'schön', list(100)]
    const sealed = values.map((value) => sealedBy(envelopeOf(wish), value))
    return (await Promise.all(sealed)).map(({ mark }) => mark)
  }
  expect(await marks({})).toEqual(['j', 'jU', 'jB'])
  expect(await marks({ compression: 'deflate' })).toEqual(['j', 'jU', 'jD'])
  expect(await marks({ compression: false })).toEqual(['j', 'jU', 'jU'])
  expect(await marks({ keys: ['k1'] })).toEqual(['jE', 'jE', 'jBE'])
  expect(await marks({ codec: msgpack })).toEqual(['m1', 'm1', 'm1B'])
  expect(await sealedBy(envelopeOf(), 'small')).toEqual({ mark: 'j', payload: '"small"' })
})

test('what does not shrink by a tenth is left as it is', async () => {
  const noise = Buffer.from(Array.from({ length: 500 }, (_, at) => hash48(String(at))).join(''))
  const raw = Buffer.from(noise.toString(), 'base64url')
  const decode = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
  const codec: Codec = { kind: 'bytes', name: 'raw', encode: () => raw, decode }
  const sealed = await sealedBy(envelopeOf({ codec }), 'anything')
  expect(sealed).toEqual({ mark: 'raw', payload: raw.toString('latin1') })
  expect(await openedBy(envelopeOf({ codec }), sealed)).toBe(raw.toString('base64'))
})

test('a value from which the work would be long leaves the event loop, both ways', async () => {
  const envelope = envelopeOf()
  const text = 'x'.repeat(largeFromBytes)
  const sealing = envelope.seal(envelope.encode(text), PLACE)
  expect(sealing).toBeInstanceOf(Promise)
  const opening = envelope.open(await sealing, PLACE)
  expect(opening).toBeInstanceOf(Promise)
  expect(await opening).toBe(text)
  const small = envelope.seal(envelope.encode('x'.repeat(largeFromBytes - 3)), PLACE)
  expect(small).not.toBeInstanceOf(Promise)
  expect(envelope.open(await small, PLACE)).toBe('x'.repeat(largeFromBytes - 3))
})

test('a payload of another codec, or done otherwise than declared, is refused', async () => {
  const plain = await sealedBy(envelopeOf(), 'text')
  const secret = await sealedBy(envelopeOf({ keys: ['k1'] }), 'text')
  const packed = await sealedBy(envelopeOf({ codec: msgpack }), 'text')
  await expect(async () => openedBy(envelopeOf({ keys: ['k1'] }), plain)).rejects.toThrow('jE')
  await expect(async () => openedBy(envelopeOf(), secret)).rejects.toThrow('got jE')
  await expect(async () => openedBy(envelopeOf(), packed)).rejects.toThrow('got m1')
  await expect(async () => openedBy(envelopeOf(), { ...plain, mark: 'jX' })).rejects.toThrow('jX')
})

test('nothing swells beyond what the family allows', async () => {
  const sealed = await sealedBy(envelopeOf(), 'x'.repeat(100_000))
  const small = envelopeOf({ bytesMax: 50_000 })
  await expect(async () => openedBy(small, sealed)).rejects.toThrow('at most 50000 bytes')
  const lying = { mark: 'jB', payload: `\x10\x00\x00\x00${sealed.payload.slice(4)}` }
  await expect(async () => openedBy(small, lying)).rejects.toThrow()
})

test('the size of a value is that of its text in UTF-8, before compression', () => {
  expect(envelopeOf().encode('é€😀a').sizeBytes).toBe(2 + 2 + 3 + 4 + 1)
  expect(envelopeOf().encode('\ud800').sizeBytes).toBe('"\\ud800"'.length)
})

test('a codec may use one buffer for all of its values', async () => {
  const shared = Buffer.alloc(largeFromBytes * 2)
  const codec: Codec = {
    kind: 'bytes',
    name: 'x',
    encode: (value) => shared.subarray(0, shared.write(String(value).padEnd(largeFromBytes))),
    decode: (bytes) => Buffer.from(bytes).toString().trimEnd(),
  }
  const envelope = envelopeOf({ codec })
  const encoded = [envelope.encode('a'), envelope.encode('b')]
  const sealed = await Promise.all(encoded.map((one) => envelope.seal(one, PLACE)))
  const later = await Promise.all([envelope.encodeLater('c'), envelope.encodeLater('d')])
  const sealedLater = await Promise.all(later.map((one) => envelope.seal(one, PLACE)))
  const opened = [...sealed, ...sealedLater].map((one) => openedBy(envelope, one))
  expect(await Promise.all(opened)).toEqual(['a', 'b', 'c', 'd'])
})
