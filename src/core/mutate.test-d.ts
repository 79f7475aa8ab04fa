/** Types of `mutate` and `lock`: what the write returns is what the call resolves to. */
import { expectTypeOf, test } from 'vitest'
import type { Cache, Mutated } from './cache.ts'
import { defineCatalog } from './catalog.ts'
import { family } from './family.ts'
import { shape } from './shape.ts'

const catalog = defineCatalog('polycool', {
  position: family('position:{id:int}', { value: shape<{ id: number }>(), ttl: '30s' }),
})
declare const cache: Cache<typeof catalog.families>
const created = async () => ({ id: 91 })

test('a mutate resolves to the result of its write', () => {
  const plain = () => cache.mutate([cache.position.key(91)], created, { reason: 'created' })
  expectTypeOf(plain).returns.resolves.toEqualTypeOf<{ id: number }>()
  const nothing = () => cache.mutate([], () => {})
  expectTypeOf(nothing).returns.resolves.toEqualTypeOf<void>()
})

test('with a receipt it resolves to both', () => {
  const both = () => cache.mutate([cache.position.key(91)], created, { receipt: true })
  expectTypeOf(both).returns.resolves.toEqualTypeOf<Mutated<{ id: number }>>()
})

test('keys may be told from the result', () => {
  const told = () => cache.mutate(({ id }) => [cache.position.key(id)], created)
  expectTypeOf(told).returns.resolves.toEqualTypeOf<{ id: number }>()
  // @ts-expect-error the result has no such field
  void (() => cache.mutate(({ name }) => [cache.position.key(name)], created))
})

test('a lock resolves to the result of its work', () => {
  const locked = () =>
    cache.lock('settle', { ttl: '30s' }, (signal, fence) => {
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
      return fence
    })
  expectTypeOf(locked).returns.resolves.toEqualTypeOf<number>()
  // @ts-expect-error a lock that nobody renews must end
  void (() => cache.lock('settle', {}, () => {}))
})
