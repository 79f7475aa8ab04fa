import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packFillId, unpackFillId } from './fill-id.ts'

test('every fill id of the usual form comes back from its three words', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const fid = fc.string({
    unit: fc.constantFrom(...alphabet),
    minLength: 16,
    maxLength: 16,
  })
  fc.assert(
    fc.property(fid, (text) => {
      const words = new Uint32Array(5)
      expect(packFillId(text, words, 1)).toBe(true)
      expect(unpackFillId(words, 1)).toBe(text)
      expect([words[0], words[4]]).toEqual([0, 0])
    }),
  )
})

test.each(['', 'AAAAAAAAAAAAAAA', 'AAAAAAAAAAAAAAAAA', 'AAAAAAAA+AAAAAAA', 'AAAAAAAA€AAAAAAA'])(
  'another text, %j, is left alone',
  (text) => {
    const words = new Uint32Array(3).fill(7)
    expect(packFillId(text, words, 0)).toBe(false)
    expect([...words]).toEqual([7, 7, 7])
  },
)
