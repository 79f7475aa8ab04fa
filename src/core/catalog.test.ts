import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defineCatalog, type Families } from './catalog.ts'
import { family } from './family.ts'
import { shape } from './shape.ts'

const rest = { value: shape<{ a: number }>(), ttl: '30s' } as const
const code = (value: string) => expect.objectContaining({ code: value })
/** As plain JavaScript may call it. */
const define = (name: unknown, families: unknown) =>
  Reflect.apply(defineCatalog, undefined, [name, families])

const catalog = defineCatalog('polycool', {
  positions: family('api:positions:{userId:int}', rest),
  position: family('api:position:{id}', rest),
  history: family('api:position:{id}:{day:int}', rest),
  leaderboard: family('api:leaderboard', rest),
  market: family('market:{marketId}', rest),
})

test('finds family and id of a key', () => {
  expect(catalog.parse('api:positions:7')).toEqual({ family: 'positions', id: 7 })
  expect(catalog.parse('api:position:7')).toEqual({ family: 'position', id: '7' })
  const id = { id: 'a:b', day: 3 }
  expect(catalog.parse('api:position:a%3Ab:3')).toEqual({ family: 'history', id })
  expect(catalog.parse('api:leaderboard')).toEqual({ family: 'leaderboard', id: undefined })
  for (const other of ['api:leaderboard:1', 'api:positions:x', 'nothing', '', 'market']) {
    expect(catalog.parse(other), other).toBeUndefined()
  }
})

test('no two ids of any families share a key, and each key leads back', () => {
  const text = fc.string({ unit: 'binary', maxLength: 12 })
  const day = fc.maxSafeInteger()
  const any = fc.oneof(
    fc.record({ family: fc.constant('positions'), id: day }),
    fc.record({ family: fc.constantFrom('position', 'market'), id: text }),
    fc.record({ family: fc.constant('history'), id: fc.record({ id: text, day }) }),
  )
  fc.assert(
    fc.property(any, ({ family, id }) => {
      const key = catalog.compiled.get(family)?.template.keyText(id) ?? ''
      expect(catalog.parse(key)).toEqual({ family, id: id === 0 ? 0 : id })
    }),
  )
})

test('is frozen, keeps the order of families and gives each its implicit tag', () => {
  expect(Object.isFrozen(catalog.families)).toBe(true)
  expect([...catalog.compiled.keys()].slice(0, 2)).toEqual(['positions', 'position'])
  expect(catalog.compiled.get('market')?.tag).toBe('_market')
})

test.each([
  'get then',
  'invalidate',
  'observe',
  'stats',
  'health',
  'pending',
  'settled',
  'close',
  'family',
  'mutate',
  'invalidateTag',
  'invalidatePattern',
  'lock',
  'clear',
  'explain',
  'then',
  'constructor',
  'toString',
  'toJSON',
  'valueOf',
  'hasOwnProperty',
])('the family name %s is refused', (name) => {
  const expected = name.includes(' ') ? 'SP_OPTION_INVALID' : 'SP_NAME_RESERVED'
  expect(() => define('c', { [name]: family('a', rest) })).toThrow(code(expected))
})

test.each(['x.y', '1x', '_x', '', '__proto__', 'é', 'x'.repeat(65)])(
  'the family name %j is refused',
  (name) => {
    const families = Object.fromEntries([[name, family('a', rest)]])
    expect(() => define('c', families)).toThrow(code('SP_OPTION_INVALID'))
  },
)

test.each(['', 'a b', 'a:b', '{a}', 7, undefined])('the catalog name %j is refused', (name) => {
  expect(() => define(name, {})).toThrow(code('SP_OPTION_INVALID'))
})

test.each([undefined, 7, {}, { template: 'a' }])('%j is no family', (other) => {
  expect(() => define('c', { other })).toThrow(code('SP_OPTION_INVALID'))
})

test('templates that could yield the same key are refused by name', () => {
  const families: Families = { one: family('a:{x}', rest), two: family('a:b', rest) }
  expect(() => define('c', families)).toThrow(code('SP_TEMPLATE_CLASH'))
  expect(() => define('c', families)).toThrow("'one' and 'two'")
  expect(() => define('c', { one: family('a:{x}', rest), two: family('a:{x}:{y}', rest) }))
    .not //
    .toThrow()
})

test('300 families are defined in well under a second', () => {
  const families: Record<string, unknown> = {}
  for (let index = 0; index < 300; index++) {
    const template = `service:${index}x:{id}:{page:int}`
    families[`f${index}`] = Reflect.apply(family, undefined, [template, rest])
  }
  const before = process.cpuUsage().user
  define('c', families)
  expect(process.cpuUsage().user - before).toBeLessThan(1_000_000)
})
