import { expect, test } from 'vitest'
import { keyRing, keysMax } from './key-ring.ts'

const bytes = Buffer.alloc(32, 7)
const good = { id: 'k1', key: bytes.toString('base64') }

test('keys are given as bytes or as base64, in the order of their use', () => {
  const ring = keyRing({ keys: [good, { id: 'k2', key: Buffer.alloc(32, 8) }] })
  expect(ring.map(({ id }) => id)).toEqual(['k1', 'k2'])
  expect(ring[0]?.key.export()).toEqual(bytes)
  expect(keyRing({ keys: [{ id: 'k1', key: bytes.toString('base64url') }] })).toHaveLength(1)
})

test('without the option there are no keys', () => {
  expect(keyRing(undefined)).toEqual([])
})

test.each([
  ['no keys', { keys: [] }],
  ['no list', { keys: good }],
  [
    'too many',
    { keys: Array.from({ length: keysMax + 1 }, (_, id) => ({ ...good, id: `k${id}` })) },
  ],
  ['an unknown option', { keys: [good], algorithm: 'x' }],
  ['no id', { keys: [{ key: good.key }] }],
  ['an id that does not fit into a slot', { keys: [{ ...good, id: 'a|b' }] }],
  ['an id twice', { keys: [good, good] }],
  ['a short key', { keys: [{ id: 'k1', key: Buffer.alloc(16) }] }],
  ['a short text', { keys: [{ id: 'k1', key: 'c2hvcnQ=' }] }],
  ['a password', { keys: [{ id: 'k1', key: 'correct horse battery staple' }] }],
  ['no key', { keys: [{ id: 'k1' }] }],
  ['text', 'key'],
])('%s is refused, and no key is shown', (_, given) => {
  const shown = captured(() => keyRing(given))
  expect(shown).toMatch(/^SP_OPTION_(INVALID|UNKNOWN)/)
  for (const secret of [good.key, 'c2hvcnQ=', 'horse']) expect(shown).not.toContain(secret)
})

test.each([
  [[], 'an array of 0'],
  [[{ id: 'k1', key: Buffer.alloc(16) }], '16 bytes'],
  [[{ id: 'k1', key: 'c2hvcnQ=' }], 'a text of 8 characters'],
  [[{ id: 'k1' }], 'undefined'],
])('%j is refused with how long it is', (keys, received) => {
  expect(() => keyRing({ keys })).toThrow(`received ${received}`)
})

function captured(act: () => unknown): string {
  try {
    act()
    return 'nothing was thrown'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
