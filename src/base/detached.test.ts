import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { detached, quicklyDetached } from './detached.ts'

describe('a detached text', () => {
  test.each([
    '',
    'item:7',
    'a-key-of-more-than-twelve',
    'zürich-at-the-lake',
    'prices of 東京 and kyoto',
    'half \ud800 of a pair',
    'x'.repeat(256),
    'y'.repeat(257),
    `${'z'.repeat(300)}é`,
  ])('is the same text: %j', (text) => {
    expect(detached(text)).toBe(text)
    expect(quicklyDetached(text)).toBe(text)
  })

  test('is the same text, whatever it was cut from', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.nat(400), (text, from) => {
        expect(detached(text.slice(from))).toBe(text.slice(from))
        expect(quicklyDetached(text.slice(from))).toBe(text.slice(from))
      }),
    )
  })
})
