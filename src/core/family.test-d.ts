/** Types of families and catalogs: what infers, and which wrong calls are refused. */
import * as v from 'valibot'
import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { defineCatalog } from './catalog.ts'
import type { DeepReadonly } from './deep-readonly.ts'
import { type FamilyId, type FamilyValue, family } from './family.ts'
import { shape } from './shape.ts'
import type { FieldsOf, IdOf } from './template-types.ts'

interface Position {
  id: number
  legs: { side: string }[]
}
interface Market {
  title: string
}

test('an id follows from its template', () => {
  expectTypeOf<IdOf<'api:leaderboard'>>().toEqualTypeOf<undefined>()
  expectTypeOf<IdOf<'market:{id}'>>().toEqualTypeOf<string>()
  expectTypeOf<IdOf<'api:positions:{userId:int}'>>().toEqualTypeOf<number>()
  type Two = { readonly user: string; readonly page: number }
  expectTypeOf<IdOf<'a:{user}:{page:int}'>>().toEqualTypeOf<Two>()
  type Three = { readonly a: string; readonly b: number; readonly c: string }
  expectTypeOf<IdOf<'{a}:{b:int}:{c:string}'>>().toEqualTypeOf<Three>()
  expectTypeOf<FieldsOf<'market:{id}'>>().toEqualTypeOf<{ readonly id: string }>()
})

test('values are read-only at any depth and keep their form', () => {
  type ReadOnly = { readonly id: number; readonly legs: readonly { readonly side: string }[] }
  expectTypeOf<DeepReadonly<Position>>().toEqualTypeOf<ReadOnly>()
  expectTypeOf<DeepReadonly<[number, string[]]>>().toEqualTypeOf<
    readonly [number, readonly string[]]
  >()
  expectTypeOf<DeepReadonly<[string, ...string[][]]>>().toEqualTypeOf<
    readonly [string, ...(readonly string[])[]]
  >()
  expectTypeOf<DeepReadonly<'a' | null>>().toEqualTypeOf<'a' | null>()
  expectTypeOf<DeepReadonly<unknown>>().toEqualTypeOf<unknown>()
  type Brand = string & { readonly __brand: 'Id' }
  expectTypeOf<DeepReadonly<Brand>>().toEqualTypeOf<Brand>()
  expectTypeOf<DeepReadonly<Record<string, number[]>>>().toEqualTypeOf<{
    readonly [x: string]: readonly number[]
  }>()
})

test('recursive types stay usable', () => {
  type Json = string | number | boolean | null | Json[] | { [name: string]: Json }
  const given: Json = { a: [1, { b: null }] }
  const tree: DeepReadonly<Json> = given
  if (typeof tree === 'object' && tree !== null && !Array.isArray(tree)) {
    expectTypeOf(Object.keys(tree)).toEqualTypeOf<string[]>()
  }
  interface Node {
    value: number
    children: Node[]
  }
  expectTypeOf<DeepReadonly<Node>['children'][number]['value']>().toEqualTypeOf<number>()
})

test('a family infers id and value, whatever the schema library', () => {
  const positions = family('api:positions:{userId:int}', {
    value: shape<Position[]>(),
    ttl: '30s',
    tags: (value, userId) => {
      expectTypeOf(value).toEqualTypeOf<DeepReadonly<Position[]>>()
      expectTypeOf(userId).toEqualTypeOf<number>()
      return [`user:${userId}`]
    },
  })
  expectTypeOf<FamilyId<typeof positions>>().toEqualTypeOf<number>()
  expectTypeOf<FamilyValue<typeof positions>>().toEqualTypeOf<Position[]>()
  const zodFamily = family('price:{id}', { value: z.object({ seq: z.number() }), ttl: 1_000 })
  expectTypeOf<FamilyValue<typeof zodFamily>>().toEqualTypeOf<{ seq: number }>()
  const valibotFamily = family('price2:{id}', { value: v.object({ a: v.string() }), ttl: '1m' })
  expectTypeOf<FamilyValue<typeof valibotFamily>>().toEqualTypeOf<{ a: string }>()
})

test('tags before the value infer too, and see undefined where absence is remembered', () => {
  family('market:{marketId}', {
    tags: (value, marketId) => {
      expectTypeOf(value).toEqualTypeOf<DeepReadonly<Market> | undefined>()
      expectTypeOf(marketId).toEqualTypeOf<string>()
      return [value?.title ?? marketId]
    },
    value: shape<Market>(),
    ttl: '5m',
    negativeTtl: '30s',
  })
  family('pair:{base}:{quote}', {
    value: shape<Market>(),
    ttl: '1m',
    order: (value) => {
      expectTypeOf(value).toEqualTypeOf<DeepReadonly<Market>>()
      return 1n
    },
    tags: (value, { base, quote }) => [value.title, base, quote],
  })
  family('api:leaderboard', {
    value: shape<Market[]>(),
    ttl: '1h',
    tags: (...args) => {
      expectTypeOf(args).toEqualTypeOf<[value: DeepReadonly<Market[]>]>()
      return []
    },
  })
})

test('values are grouped by parameters of the template, and by nothing else', () => {
  const options = { value: shape<Market>(), ttl: '1m' } as const
  const pair = family('pair:{base}:{page:int}', { ...options, tagBy: ['page', 'base'] })
  type Pair = { readonly base: string; readonly page: number }
  expectTypeOf<FamilyId<typeof pair>>().toEqualTypeOf<Pair>()
  // @ts-expect-error there is no parameter `quote`
  family('pair:{base}', { ...options, tagBy: ['quote'] })
  // @ts-expect-error the type of a parameter is not part of its name
  family('pair:{page:int}', { ...options, tagBy: ['page:int'] })
  // @ts-expect-error a template without parameters has none to group by
  family('api:leaderboard', { ...options, tagBy: ['base'] })
})

test('a distance compares values of the family', () => {
  const volatility = { calm: 1, wild: 9, longest: '9m', shortest: '9s' } as const
  const options = { value: shape<Market>(), ttl: '1m' } as const
  const distance = (before: Market, after: Market) => before.title.length - after.title.length
  family('a:{x}', { ...options, adaptiveTtl: { volatility: { ...volatility, distance } } })
  const other = (before: number, after: number) => before - after
  // @ts-expect-error values of the family are no numbers
  family('a:{x}', { ...options, adaptiveTtl: { volatility: { ...volatility, distance: other } } })
  // @ts-expect-error not refreshed by halves
  family('a:{x}', { ...options, earlyRefresh: false })
})

test('wrong templates and options are refused', () => {
  const value = shape<Market>()
  const ttl = '1m' as const
  // @ts-expect-error unknown parameter type :float
  family('a:{x:float}', { value, ttl })
  // @ts-expect-error parameter {x} appears twice
  family('a:{x}:{x:int}', { value, ttl })
  // @ts-expect-error a parameter needs a name
  family('a:{}', { value, ttl })
  // @ts-expect-error a key template must be a literal string
  family(String(1), { value, ttl })
  // @ts-expect-error unknown option
  family('a:{x}', { value, ttl, tll: '1m' })
  // @ts-expect-error not a duration
  family('a:{x}', { value, ttl: '30 sec' })
  // @ts-expect-error tags are texts
  family('a:{x}', { value, ttl, tags: () => [1] })
  // @ts-expect-error an order is a number
  family('a:{x}', { value, ttl, order: (market) => market.title })
  // @ts-expect-error what is remembered as absent has no title
  family('a:{x}', { value, ttl, negativeTtl: '1s', tags: (market) => [market.title] })
  // @ts-expect-error the time to live is required
  family('a:{x}', { value })
})

test('names of methods are refused as names of families', () => {
  const good = family('a:{x}', { value: shape<Market>(), ttl: '1m' })
  expectTypeOf(defineCatalog('c', { good }).families.good).toEqualTypeOf(good)
  // @ts-expect-error 'close' is a method of the cache
  defineCatalog('c', { close: good })
  // @ts-expect-error 'mutate' will be a method of the cache
  defineCatalog('c', { mutate: good })
  // @ts-expect-error an object with 'then' is swallowed by await
  defineCatalog('c', { then: good })
})
