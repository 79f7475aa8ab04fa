import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Ring } from './ring.ts'

test('holds the newest items in order, never more than its bound', () => {
  const step = fc.oneof(fc.nat(9), fc.constant('shift' as const), fc.constant('clear' as const))
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step), (countMax, steps) => {
      const ring = new Ring<number>(countMax)
      const model: number[] = []
      for (const action of steps) {
        if (action === 'shift') expect(ring.shift()).toBe(model.shift())
        else if (action === 'clear') {
          ring.clear()
          model.length = 0
        } else {
          expect(ring.push(action)).toBe(model.length === countMax)
          model.push(action)
          if (model.length > countMax) model.shift()
        }
        expect([...ring]).toEqual(model)
        expect(ring.count).toBe(model.length)
      }
    }),
  )
})

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses a bound of %d', (bound) => {
  expect(() => new Ring(bound)).toThrow(RangeError)
})
