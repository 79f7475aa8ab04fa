import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Recency } from './recency.ts'

it('ranks slots by their last use, however often stamps have run out', () => {
  const slots = 8
  const step = fc.tuple(fc.constantFrom('use', 'use', 'use', 'remove'), fc.nat(slots - 1))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100, size: 'max' }), (steps) => {
      const recency = new Recency(slots)
      let model: readonly number[] = []
      for (const [kind, slot] of steps) {
        const others = model.filter((other) => other !== slot)
        model = kind === 'use' ? [slot, ...others] : others
        if (kind === 'use') recency.use(slot)
        else recency.remove(slot)
        expect(model.map((each) => recency.rankOf(each))).toEqual(model.map((_, at) => at + 1))
      }
    }),
  )
})
