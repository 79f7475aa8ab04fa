import fc from 'fast-check'
import { expect, it } from 'vitest'
import { PositionSet } from './position-set.ts'

it('has what was added and not removed, and knows the largest of it', () => {
  const bound = 40_000
  // So few that many come again.
  const position = fc.nat(99).map((number) => number * 401)
  fc.assert(
    fc.property(fc.array(position, { maxLength: 200, size: 'max' }), (positions) => {
      const [set, model] = [new PositionSet(bound), new Set<number>()]
      // A position that comes again is removed.
      for (const position of positions) {
        if (model.delete(position)) set.remove(position)
        else {
          set.add(position)
          model.add(position)
        }
        expect(set.size).toBe(model.size)
        if (model.size > 0) expect(set.largest()).toBe(Math.max(...model))
      }
      for (const position of positions) expect(set.has(position)).toBe(model.has(position))
    }),
  )
})
