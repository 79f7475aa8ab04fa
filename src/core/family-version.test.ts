import { expect, test } from 'vitest'
import { z } from 'zod'
import { family } from './family.ts'
import { familyVersion } from './family-version.ts'
import { shape } from './shape.ts'

const version = (options: Parameters<typeof family<'a:{x}', z.ZodType>>[1], codec = 'j') => {
  const { template, rules } = family('a:{x}', options)
  return familyVersion(template, codec, rules)
}
const base = { value: z.object({ a: z.string(), b: z.number() }), ttl: '1s' } as const

test('is 8 characters and the same for the same declaration', () => {
  expect(version(base)).toMatch(/^[\w-]{8}$/)
  expect(version({ ...base, value: z.object({ a: z.string(), b: z.number() }) })).toBe(
    version(base),
  )
})

test('does not change with what values do not depend on', () => {
  expect(version({ ...base, ttl: '9s', negativeTtl: '1s', freeze: false })).toBe(version(base))
})

test('changes with schema, codec, tags, template and what the author names', () => {
  const { rules } = family('b:{x}', base)
  const versions = [
    version(base),
    version({ ...base, value: z.object({ a: z.string() }) }),
    version({ ...base, value: z.object({ a: z.string(), b: z.number().optional() }) }),
    version(base, 'x'),
    version({ ...base, tags: () => ['a'] }),
    version({ ...base, tags: () => ['b'] }),
    version({ ...base, versionOf: [1] }),
    version({ ...base, versionOf: [2] }),
    version({ ...base, versionOf: [(value: number) => value + 1] }),
    familyVersion('b:{x}', 'j', rules),
  ]
  expect(new Set(versions).size).toBe(versions.length)
})

test('a schema that JSON Schema cannot say, or a shape, has a version all the same', () => {
  expect(version({ ...base, value: z.custom<string>((value) => value === 'x') })).toHaveLength(8)
  const { template, rules } = family('a:{x}', { value: shape<string>(), ttl: '1s' })
  expect(familyVersion(template, 'j', rules)).toHaveLength(8)
})
