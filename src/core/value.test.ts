import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { carry, DEPTH_MAX, deepFreeze } from './value.ts'

const jsonValue = fc.jsonValue({ maxDepth: 4 })

class Money {
  amount = 1
}
class Several extends Array {}
const cycle: Record<string, unknown> = { name: 'x' }
cycle.list = [{ back: cycle }]
const holed = [1, 2, 3]
delete holed[1]
const nested = (depth: number) => {
  let value: unknown = 1
  for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { a: value }
  return value
}

test('every value that JSON can say is carried, and comes back equal', () => {
  fc.assert(
    fc.property(jsonValue, (value) => {
      fc.pre(!Object.is(value, -0))
      expect(carry(value, true)).toMatchObject({ ok: true })
      // Compared after the walk, which puts -0 right.
      expect(JSON.parse(JSON.stringify(value))).toEqual(value)
      expect(isDeepFrozen(value)).toBe(true)
    }),
  )
})

test('whatever is carried comes back equal from its encoding', () => {
  const odd = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withSparseArray: true,
    withNullPrototype: true,
    withBoxedValues: true,
  })
  fc.assert(
    fc.property(odd, (value) => {
      if (!carry(value, false).ok) return
      expect(normal(JSON.parse(JSON.stringify(value)))).toEqual(normal(value))
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  ['a date', { a: [{ b: new Date(0) }] }, '.a[0].b', 'an object of class Date'],
  ['a map', { m: new Map() }, '.m', 'an object of class Map'],
  ['an instance of a class', [new Money()], '[0]', 'an object of class Money'],
  ['a subclass of Array', { s: new Several() }, '.s', 'an object of class Several'],
  ['a bigint', { a: 1n }, '.a', 'a bigint'],
  ['NaN', [0, Number.NaN], '[1]', 'NaN'],
  ['Infinity', { a: Number.POSITIVE_INFINITY }, '.a', 'Infinity'],
  ['a function', { 'a b': () => 1 }, '["a b"]', 'a function'],
  ['toJSON', { a: { toJSON: () => 1 } }, '.a.toJSON', 'a function'],
  ['a symbol', { a: Symbol('x') }, '.a', 'a symbol'],
  ['a symbol as key', { a: { [Symbol('x')]: 1 } }, '.a', 'a symbol as key'],
  ['a typed array', { a: new Uint8Array(2) }, '.a', 'an object of class Uint8Array'],
  ['a buffer', { a: Buffer.from('x') }, '.a', 'an object of class Buffer'],
  ['a cycle', cycle, '.list[0].back', 'a cycle'],
  ['a hole', { a: holed }, '.a[1]', 'a hole in an array'],
  ['undefined in an array', [1, undefined], '[1]', 'undefined in an array'],
  ['undefined', undefined, '', 'undefined'],
  ['a bare -0', -0, '', '-0'],
  ['a fixed -0', Object.freeze({ a: -0 }), '.a', '-0 in a frozen object'],
  ['a bare bigint', 1n, '', 'a bigint'],
  ['an array with names', { a: /b/.exec('abc') }, '.a', /named properties/],
  ['the texts of a template', { a: ((texts: unknown) => texts)`b` }, '.a', /named properties/],
  ['a boxed number', { a: Object(1) }, '.a', 'an object of class Number'],
  ['an inheriting object', { a: Object.create({ b: 1 }) }, '.a', /class/],
  ['an object over a bare one', { a: Object.create(Object.create(null)) }, '.a', /class/],
  ['a promise', { a: Promise.resolve(1) }, '.a', 'an object of class Promise'],
])('%s is refused with its path', (_, value, path, what) => {
  const expected = typeof what === 'string' ? what : expect.stringMatching(what)
  expect(carry(value, false)).toEqual({ ok: false, path, what: expected, isSensitive: false })
})

test('accessors and hidden properties are refused, also in arrays', () => {
  const getter = {
    get a() {
      return 1
    },
  }
  const hidden = Object.defineProperty({}, 'a', { value: 1 })
  const arrayGetter = Object.defineProperty([1], 0, { get: () => 1 })
  expect(carry({ x: getter }, false)).toMatchObject({ ok: false, path: '.x.a' })
  expect(carry({ x: hidden }, false)).toMatchObject({ ok: false, path: '.x.a' })
  expect(carry({ x: arrayGetter }, false)).toMatchObject({ ok: false, path: '.x' })
})

test('values may be 200 levels deep, not more, however deep they are', () => {
  expect(carry(nested(DEPTH_MAX), true)).toMatchObject({ ok: true })
  expect(carry(nested(DEPTH_MAX + 2), true)).toMatchObject({ ok: false, what: /200 levels/ })
  expect(carry(nested(100_000), false)).toMatchObject({ ok: false })
})

test('plain objects of another realm and without a prototype are carried', () => {
  const foreign: unknown = runInNewContext('({ a: [1, { b: null }] })')
  expect(carry(foreign, true)).toMatchObject({ ok: true })
  expect(carry(Object.assign(Object.create(null), { a: 1 }), true)).toMatchObject({ ok: true })
})

test('-0 becomes 0 in place', () => {
  const value = { a: -0, b: [-0, 1], c: { d: -0 } }
  expect(carry(value, true)).toMatchObject({ ok: true })
  expect(value).toEqual({ a: 0, b: [0, 1], c: { d: 0 } })
})

test('an undefined property counts as absent', () => {
  expect(carry({ a: undefined, b: { c: undefined } }, true)).toMatchObject({ ok: true })
})

test('lone surrogates are carried, because JSON escapes them', () => {
  expect(carry(['\ud800'], true)).toMatchObject({ ok: true })
})

test('a part that is shared is no cycle', () => {
  const part = { a: [1] }
  const value = { left: part, right: [part, part] }
  expect(carry(value, true)).toMatchObject({ ok: true })
  expect(isDeepFrozen(value)).toBe(true)
})

test('nothing is frozen unless asked for, and what is frozen can be carried again', () => {
  const value = { a: [{ b: 1 }] }
  carry(value, false)
  expect(Object.isFrozen(value.a)).toBe(false)
  carry(value, true)
  expect(isDeepFrozen(value)).toBe(true)
  expect(carry(value, true)).toMatchObject({ ok: true })
})

test('what a decoder made is frozen at any depth, up to the bound', () => {
  fc.assert(
    fc.property(jsonValue, (value) => {
      expect(deepFreeze(value)).toBe(true)
      expect(isDeepFrozen(value)).toBe(true)
    }),
  )
  expect(deepFreeze(nested(DEPTH_MAX))).toBe(true)
  expect(deepFreeze(JSON.parse('['.repeat(5_000) + ']'.repeat(5_000)))).toBe(false)
})

test('a value that repeats one part without end is refused in bounded time', {
  timeout: 60_000,
}, () => {
  let value: unknown = [1]
  for (let level = 0; level < 60; level++) value = [value, value]
  expect(carry(value, false)).toMatchObject({ ok: false, what: /parts/ })
})

function isDeepFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  return Object.isFrozen(value) && Object.values(value).every(isDeepFrozen)
}

/** Without prototypes and undefined properties, which don't count. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal)
  if (typeof value !== 'object' || value === null) return value
  const parts = Object.entries(value).filter(([, part]) => part !== undefined)
  return Object.fromEntries(parts.map(([name, part]) => [name, normal(part)]))
}
