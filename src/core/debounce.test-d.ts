/** Keys and values of a debounce are those of its flush. */
import { expectTypeOf, test } from 'vitest'
import type { CacheMethods } from './cache.ts'
import type { Debounce, FlushContext } from './debounce.ts'

declare const cache: CacheMethods

test('key and value are inferred from the flush', () => {
  void (() => {
    const debounce = cache.debounce({
      wait: '15s',
      flush: async (entries: ReadonlyMap<number, string>, context) => {
        expectTypeOf(context).toEqualTypeOf<FlushContext>()
        return entries.size
      },
      merge: (older, newer) => {
        expectTypeOf(older).toEqualTypeOf<string>()
        return newer
      },
    })
    expectTypeOf(debounce).toEqualTypeOf<Debounce<number, string>>()
    // @ts-expect-error no such value
    debounce.add(1, 2)
    // @ts-expect-error how long may it wait?
    cache.debounce({ flush: () => {} })
  })
})
