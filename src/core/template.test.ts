import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileTemplate, ID_BYTES_MAX, type Template } from './template.ts'
import { parseTemplate } from './template-syntax.ts'

const compiled = (text: string): Template => compileTemplate(parseTemplate(text), 'thing')
const wellFormed = fc.string({ unit: 'binary', maxLength: 40 })
const code = (value: string) => expect.objectContaining({ code: value })

test.each([
  ['api:leaderboard', undefined, 'api:leaderboard'],
  ['market:{id}', '517310', 'market:517310'],
  ['market:{id}', '', 'market:'],
  ['market:{id}', 'a:b_c*', 'market:a%3Ab%5Fc%2A'],
  ['positions:{userId:int}', 7, 'positions:7'],
  ['positions:{userId:int}', -12, 'positions:-12'],
  ['list:{name}:{page:int}', { name: 'by volume', page: 2 }, 'list:by%20volume:2'],
  ['{a}/{b}#x', { a: '', b: '' }, '/#x'],
])('%s with %j is the key %s and back', (text, id, key) => {
  const template = compiled(text)
  expect(template.keyText(id)).toBe(key)
  expect(template.parse(key)).toEqual({ id })
})

test('-0 is the id 0', () => {
  const template = compiled('positions:{userId:int}')
  expect(template.keyText(-0)).toBe('positions:0')
  expect(new Set([template.memoryId(-0), template.memoryId(0)]).size).toBe(1)
})

test('memory holds one parameter as it is, several as key, none as empty text', () => {
  expect(compiled('m:{id}').memoryId('a:b')).toBe('a:b')
  expect(compiled('m:{id:int}').memoryId(7)).toBe(7)
  expect(compiled('m').memoryId(undefined)).toBe('')
  const several = compiled('m:{a}:{b:int}')
  expect(several.memoryId({ a: 'x', b: 1 })).toBe('m:x:1')
  expect(several.memoryId({ b: 1, a: 'x:y' })).toBe('m:x%3Ay:1')
})

test('any well-formed text comes back from its key, which is no glob', () => {
  const template = compiled('market:{id}')
  fc.assert(
    fc.property(wellFormed, (id) => {
      const key = template.keyText(id)
      expect(template.parse(key)).toEqual({ id })
      expect(key).not.toMatch(/[*?[\]\\]/)
    }),
  )
})

test('no two ids share a key, and memory tells the same ids apart', () => {
  const template = compiled('l:{name}:{page:int}:{sort}')
  const id = fc.record({
    name: fc.string({ unit: fc.constantFrom(':', 'a', '%', '1', '*'), maxLength: 3 }),
    page: fc.integer({ min: -2, max: 2 }),
    sort: fc.string({ unit: fc.constantFrom(':', 'a', '%', '1'), maxLength: 3 }),
  })
  fc.assert(
    fc.property(id, id, (left, right) => {
      const isSame = JSON.stringify(left) === JSON.stringify(right)
      expect(template.keyText(left) === template.keyText(right)).toBe(isSame)
      expect(template.memoryId(left)).toBe(template.keyText(left))
      expect(template.parse(template.keyText(left))).toEqual({ id: left })
    }),
  )
})

test('only what a key text could be is parsed', () => {
  const template = compiled('a:{x:int}:{y}:z')
  for (const key of [
    'a:1:b',
    'a:1:b:z:z',
    'a:01:b:z',
    'a:-0:b:z',
    'a:1.5:b:z',
    'a::b:z',
    'a:1e3:b:z',
    'a:1:b_c:z',
    'a:1:%41:z',
    'b:1:b:z',
    'a:99999999999999999999:b:z',
    `a:1:${'x'.repeat(ID_BYTES_MAX)}:z`,
    '',
  ]) {
    expect(template.parse(key), key).toBeUndefined()
  }
})

test('every text is either no key, or the key of what it parses to', () => {
  const template = compiled('a:{x:int}:{y}')
  const text = fc.string({ unit: fc.constantFrom('a', ':', '1', '0', '-', '%', '2', 'A') })
  fc.assert(
    fc.property(text, (rest) => {
      const parsed = template.parse(`a:${rest}`)
      if (parsed) expect(template.keyText(parsed.id)).toBe(`a:${rest}`)
    }),
  )
})

test.each([
  ['m:{id}', 7],
  ['m:{id}', undefined],
  ['m:{id}', { id: 'x' }],
  ['m:{id:int}', '7'],
  ['m:{id:int}', 7n],
  ['m:{a}:{b}', { a: 'x' }],
  ['m:{a}:{b}', { a: 'x', b: 'y', c: 'z' }],
  ['m:{a}:{b}', { a: 'x', c: 'y' }],
  ['m:{a}:{b}', { a: 'x', b: 1 }],
  ['m:{a}:{b}', 'x'],
  ['m:{a}:{b}', null],
  ['m:{a}:{b}', ['x', 'y']],
  ['m:{a}:{b:int}', { a: 'x', b: 1.5 }],
  ['m', 'x'],
])('%s refuses the id %o for key and memory', (text, id) => {
  const template = compiled(text)
  expect(() => template.keyText(id)).toThrow(code('SP_ID_TYPE'))
  expect(() => template.memoryId(id)).toThrow(code('SP_ID_TYPE'))
})

test.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%d is no integer id', (id) => {
  expect(() => compiled('m:{id:int}').keyText(id)).toThrow(code('SP_ID_TYPE'))
})

test('half of a surrogate pair is no id', () => {
  expect(() => compiled('m:{id}').keyText('\ud800')).toThrow(code('SP_ID_TYPE'))
})

test('the error of an id names the family, what was expected and what came', () => {
  const expected = { family: 'thing', expected: 'a safe integer', received: 'the string "7"' }
  expect(() => compiled('m:{id:int}').keyText('7')).toThrow(expect.objectContaining(expected))
})

test('an id has at most 1,024 encoded bytes, all parameters together', () => {
  const one = compiled('m:{id}')
  expect(one.keyText('x'.repeat(1_024))).toHaveLength(1_026)
  expect(() => one.keyText('x'.repeat(1_025))).toThrow(code('SP_ID_TOO_LONG'))
  expect(() => one.keyText('é'.repeat(171))).toThrow(code('SP_ID_TOO_LONG'))
  const two = compiled('m:{a}:{b}')
  const half = 'x'.repeat(512)
  expect(two.parse(two.keyText({ a: half, b: half }))).toEqual({ id: { a: half, b: half } })
  expect(() => two.memoryId({ a: half, b: `${half}x` })).toThrow(code('SP_ID_TOO_LONG'))
})

test('a pattern leaves open what is not given, and escapes what is', () => {
  const template = compiled('api:markets:{list}:{page:int}')
  expect(template.pattern()).toBe('api:markets:*:*')
  expect(template.pattern({ list: 'a*' })).toBe('api:markets:a%2A:*')
  expect(template.pattern({ page: 2 })).toBe('api:markets:*:2')
  expect(template.pattern({ list: undefined })).toBe('api:markets:*:*')
  expect(compiled('x:{constructor}').pattern({})).toBe('x:*')
})

test('a pattern that names no parameter is refused', () => {
  expect(() => compiled('m:{id}').pattern({ ID: 'x' })).toThrow(code('SP_PATTERN_INVALID'))
  expect(() => compiled('m:{id}').pattern('x')).toThrow(code('SP_PATTERN_INVALID'))
  expect(() => compiled('m:{id}').pattern({ id: 7 })).toThrow(code('SP_ID_TYPE'))
})

test.each([
  ['', 'characters'],
  ['x'.repeat(129), 'characters'],
  [7, 'characters'],
  ['{x}', 'no text'],
  ['a:{x', 'brace'],
  ['a:x}', 'brace'],
  ['a:{{x}}', 'brace'],
  ['a:{}', 'without a name'],
  ['a:{1x}', 'without a name'],
  ['a:{x y}', 'without a name'],
  ['a:{__proto__}', 'without a name'],
  ['a:{x:float}', 'type other'],
  ['a:{x:int:int}', 'type other'],
  ['a:{x}:{x:int}', 'twice'],
  ['{x}{y}', 'separator'],
  ['{x}b', 'separator'],
  ['a:{x:int}5', 'separator'],
  ['a5{x:int}', 'in front of'],
  ['a-{x:int}', 'in front of'],
  [Array.from({ length: 9 }, (_, index) => `{p${index}}`).join(':'), 'more than 8'],
])('the template %j is refused: %s', (text, problem) => {
  expect(() => parseTemplate(text)).toThrow(code('SP_TEMPLATE_INVALID'))
  expect(() => parseTemplate(text)).toThrow(problem)
})

test.each([...'*?[]\\^|,;% \n\0é'])('the character %j is refused in a template', (character) => {
  expect(() => parseTemplate(`a${character}:{x}`)).toThrow('SP_TEMPLATE_INVALID: ')
  expect(() => parseTemplate(`a${character}:{x}`)).toThrow(JSON.stringify(character))
})
