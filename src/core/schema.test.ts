import type { StandardSchemaV1 } from '@standard-schema/spec'
import * as v from 'valibot'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { family } from './family.ts'
import { schemaCheck } from './schema.ts'
import { shape } from './shape.ts'

const code = (value: string) => expect.objectContaining({ code: value })
const checkOf = (value: StandardSchemaV1) =>
  schemaCheck('thing', family('a:{x}', { value, ttl: '1s' }).rules)

test('a shape accepts everything as it is', () => {
  const value = { a: new Date() }
  expect(checkOf(shape<unknown>()).check(value)).toEqual({ ok: true, value })
})

test('the value is what the schema returns', () => {
  const schema = z.object({ a: z.coerce.number(), b: z.string().default('x') })
  expect(checkOf(schema).check({ a: '5', c: 1 })).toEqual({ ok: true, value: { a: 5, b: 'x' } })
})

test.each([
  ['zod', z.object({ list: z.array(z.object({ a: z.string() })) })],
  ['valibot', v.object({ list: v.array(v.object({ a: v.string() })) })],
])('issues of %s are told with their path', (_, schema) => {
  const checked = checkOf(schema).check({ list: [{ a: 1 }] })
  expect(checked).toMatchObject({ ok: false, issues: expect.stringContaining('list.0.a: ') })
})

test('no more than three issues are told', () => {
  const checked = checkOf(z.array(z.string())).check(Array.from({ length: 50 }, () => 1))
  expect(checked.ok ? '' : checked.issues.split('; ')).toHaveLength(3)
})

test.each([
  ['zod', z.string().transform((text) => JSON.stringify(JSON.parse(text)))],
  [
    'valibot',
    v.pipe(
      v.string(),
      v.transform((text) => JSON.stringify(JSON.parse(text))),
    ),
  ],
])('a schema of %s that throws refuses that value only', (_, schema) => {
  const { check } = checkOf(schema)
  expect(check('{}')).toEqual({ ok: true, value: '{}' })
  expect(check('{')).toMatchObject({ ok: false, issues: expect.stringContaining('threw') })
  expect(check('[]')).toEqual({ ok: true, value: '[]' })
})

test('an asynchronous schema is refused', () => {
  const schema = z.string().refine(async () => true)
  expect(() => checkOf(schema).check('a')).toThrow('expected a synchronous one')
})

test('the rejection of an asynchronous schema is handled', async () => {
  const unhandled = vi.fn()
  process.on('unhandledRejection', unhandled)
  const validate = () => Promise.reject(new Error('later'))
  const schema = { '~standard': { version: 1, vendor: 'test', validate } } as const
  expect(() => checkOf(schema).check('a')).toThrow(code('SP_OPTION_INVALID'))
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', unhandled)
  expect(unhandled).not.toHaveBeenCalled()
})

test.each([
  ['changes its own result', z.string().transform((text) => `${text}!`)],
  ['refuses its own result', z.string().transform((text) => text.length)],
])('a schema that %s is refused at first use', (_, schema) => {
  expect(() => checkOf(schema).check('abc')).toThrow(code('SP_OPTION_INVALID'))
})

test('idempotence is proven once, at first use', () => {
  const validate = vi.fn((value: unknown) => ({ value }))
  const { check } = checkOf({ '~standard': { version: 1, vendor: 'test', validate } })
  for (const value of [1, 2, 3]) check(value)
  expect(validate).toHaveBeenCalledTimes(4)
})
