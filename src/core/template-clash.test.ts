import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileTemplate } from './template.ts'
import { canClash } from './template-clash.ts'
import { parseTemplate } from './template-syntax.ts'

const clashes = (left: string, right: string) => canClash(parseTemplate(left), parseTemplate(right))

test.each([
  ['a:{x}', 'a:b'],
  ['a:{x}', 'a:{y}'],
  ['a:{x}', 'a:{y:int}'],
  ['a:{x:int}', 'a:7'],
  ['a:{x}', 'a:'],
  ['a:b', 'a:b'],
  ['a{x}', 'ab'],
  ['a{x}', 'ab{y}'],
  ['{x}:b', 'a:{y}'],
  ['{x}:{y}', 'a:{y}'],
  ['a:{x}:c', 'a:b:{y}'],
])('%s and %s could yield the same key', (left, right) => {
  expect(clashes(left, right)).toBe(true)
  expect(clashes(right, left)).toBe(true)
})

test.each([
  ['a:{x}', 'a:{x}:{y}'],
  ['a:{x}', 'a:b:c'],
  ['a:{x:int}', 'a:b'],
  ['a:{x:int}', 'a:'],
  ['a:{x}', 'a:b_c'],
  ['a:{x}', 'ab'],
  ['{x}:', 'a:b'],
  ['a:{x}:c', 'a:{y}:d'],
  ['api:positions:{userId:int}', 'api:position:{positionId:int}'],
  ['a{x}', 'b{x}'],
])('%s and %s never do', (left, right) => {
  expect(clashes(left, right)).toBe(false)
  expect(clashes(right, left)).toBe(false)
})

// Small templates over few characters meet often, so a missed clash would be found.
const literal = fc.string({ unit: fc.constantFrom('a', ':', '1', '_'), maxLength: 3 })
const parameter = fc.constantFrom('{NAME}', '{NAME:int}')
const templateText = fc
  .array(fc.oneof(literal, parameter), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.map((part, index) => part.replace('NAME', `p${index}`)).join(''))
  .filter(isTemplate)
const value = fc.string({ unit: fc.constantFrom('a', ':', '1', '_'), maxLength: 3 })

test('templates that are said not to clash never share a key', () => {
  const values = fc.array(value, { minLength: 5, maxLength: 5 })
  fc.assert(
    fc.property(templateText, templateText, values, (left, right, texts) => {
      if (clashes(left, right)) return
      const key = keyOf(left, texts)
      expect(compileTemplate(parseTemplate(right), 'right').parse(key)).toBeUndefined()
    }),
    { numRuns: 3_000 },
  )
})

function isTemplate(text: string): boolean {
  try {
    parseTemplate(text)
    return true
  } catch {
    return false
  }
}

function keyOf(text: string, values: readonly string[]): string {
  const template = compileTemplate(parseTemplate(text), 'left')
  const fields = template.parameters.map(({ name, type }, index) => {
    const given = values[index] ?? ''
    return [name, type === 'int' ? given.length : given] as const
  })
  const [only] = fields
  if (fields.length === 0) return template.keyText(undefined)
  return template.keyText(fields.length === 1 ? only?.[1] : Object.fromEntries(fields))
}
