import { expect, test } from 'vitest'
import { z } from 'zod'
import { family } from './family.ts'
import { shape } from './shape.ts'

const code = (value: string) => expect.objectContaining({ code: value })
const good = { value: shape<{ seq: number }>(), ttl: '30s' } as const
/** As plain JavaScript may call it. */
const declare = (options: unknown, template = 'a:{x}') =>
  Reflect.apply(family, undefined, [template, options])

test('resolves its options once, with the defaults', () => {
  const { template, rules } = family('a:{x}', good)
  expect(template).toBe('a:{x}')
  expect(rules).toMatchObject({
    ttlMs: 30_000,
    negativeTtlMs: undefined,
    isChecked: false,
    isFrozen: true,
    isOrdered: false,
    maxValueBytes: 4_194_304,
  })
  expect(rules.tagsOf({}, 'x')).toEqual([])
  expect(rules.orderOf({})).toBe('')
  expect(Object.isFrozen(rules)).toBe(true)
})

test('resolves what is given', () => {
  const { rules } = family('a:{x}', {
    value: z.object({ seq: z.number() }),
    ttl: 1_500,
    negativeTtl: '500ms',
    freeze: false,
    maxValueBytes: '1kb',
    order: (value) => value.seq,
    tags: (value, x) => [`user:${x}`, `seq:${value?.seq}`, `user:${x}`],
  })
  expect(rules).toMatchObject({ ttlMs: 1_500, negativeTtlMs: 500, maxValueBytes: 1_024 })
  expect(rules).toMatchObject({ isChecked: true, isFrozen: false, isOrdered: true })
  expect(rules.orderOf({ seq: 5 })).toBe('0000000000000000005')
  expect(rules.tagsOf({ seq: 5 }, 'x_y')).toEqual(['user%3Ax%5Fy', 'seq%3A5'])
})

test('tags of a family without parameters get the value alone', () => {
  const seen: unknown[] = []
  const tags = (...args: unknown[]) => {
    seen.push(args)
    return []
  }
  const { rules } = family('a', { ...good, tags })
  rules.tagsOf({ seq: 1 }, undefined)
  expect(seen).toEqual([[{ seq: 1 }]])
})

test.each([
  ['no array', 'x'],
  ['a number', [1]],
  ['an empty text', ['']],
  ['too long a text', ['x'.repeat(257)]],
  ['half of a surrogate pair', ['\ud800']],
  ['too many', Array.from({ length: 65 }, (_, index) => String(index))],
  ['too long together', Array.from({ length: 30 }, (_, index) => `${index}${'x'.repeat(90)}`)],
])('tags that are %s are refused when they come', (_, tags) => {
  const { rules } = declare({ ...good, tags: () => tags })
  expect(() => rules.tagsOf({}, 'x')).toThrow(code('SP_OPTION_INVALID'))
})

test.each([-1, 1.5, Number.NaN, 2 ** 53, -1n, 2n ** 63n, '5', undefined])(
  'the order %s is refused when it comes',
  (order) => {
    const { rules } = declare({ ...good, order: () => order })
    expect(() => rules.orderOf({})).toThrow(code('SP_ORDER_INVALID'))
  },
)

test('orders compare as texts like the numbers they are', () => {
  const orders = [0, 9, 10, 2 ** 53 - 1, 2n ** 62n, 2n ** 63n - 1n]
  const texts = orders.map((order) => declare({ ...good, order: () => order }).rules.orderOf({}))
  expect(texts).toEqual([...texts].sort())
  expect(new Set(texts.map((text) => text.length))).toEqual(new Set([19]))
})

test.each([
  ['ttl', undefined],
  ['ttl', 30],
  ['ttl', 999],
  ['ttl', 0],
  ['ttl', -1_000],
  ['ttl', Number.POSITIVE_INFINITY],
  ['ttl', '1.5.2s'],
  ['ttl', '30 sec'],
  ['negativeTtl', 5],
  ['value', undefined],
  ['value', {}],
  ['value', { '~standard': { version: 2, validate: () => {} } }],
  ['tags', ['user']],
  ['order', 'seq'],
  ['freeze', 'no'],
  ['maxValueBytes', '4 mb'],
  ['hitTarget', 90],
  ['hitTarget', '0.9'],
  ['maxValueBytes', 0],
  ['versionOf', 'v1'],
  ['versionOf', [{}]],
])('the option %s: %j is refused', (name, value) => {
  expect(() => declare({ ...good, [name]: value })).toThrow(code('SP_OPTION_INVALID'))
  expect(() => declare({ ...good, [name]: value })).toThrow(`'${name}'`)
})

test('a small number as time to live is refused with a hint', () => {
  expect(() => declare({ ...good, ttl: 30 })).toThrow("expected '30s', or '30ms'")
})

test('an unknown option is refused with the nearest known name', () => {
  expect(() => declare({ ...good, negativeTTL: '1s' })).toThrow(code('SP_OPTION_UNKNOWN'))
  expect(() => declare({ ...good, negativeTTL: '1s' })).toThrow("expected 'negativeTtl'")
  expect(() => declare({ ...good, maxAge: '1s' })).toThrow("no option 'maxAge'")
})

test('a template that cannot be used is refused where it is declared', () => {
  expect(() => declare(good, 'a:{x')).toThrow(code('SP_TEMPLATE_INVALID'))
})
