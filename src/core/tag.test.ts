import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeTag, encodeTags, familyTag } from './tag.ts'

test('an encoded tag has no separator and is never the implicit tag of a family', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), (tag) => {
      expect(encodeTag(tag)).toMatch(/^[A-Za-z0-9.~%-]+$/)
      expect(encodeTag(tag)).not.toBe(familyTag(tag))
    }),
  )
  expect(encodeTag('_market')).not.toBe(familyTag('market'))
})

test('tags of a value are there once, in the order they came', () => {
  expect(encodeTags('here', ['b', 'a', 'b'])).toEqual(['b', 'a'])
})

test('the head of a slot has room for every list of tags that is let through', () => {
  const longest = Array.from({ length: 10 }, (_, index) => `${index}`.repeat(255))
  expect(encodeTags('here', longest).join().length).toBeLessThanOrEqual(2_560)
  expect(() => encodeTags('here', [...longest, 'x'])).toThrow('here: a value has too many tags')
})
