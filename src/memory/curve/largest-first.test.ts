import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LargestFirst } from './largest-first.ts'

it('gives back the largest of what it has, each once', () => {
  const number = fc.integer({ min: 0, max: 2 ** 32 - 1 })
  /** Undefined: one is taken. */
  const step = fc.option(number, { nil: undefined })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const heap = new LargestFirst(60)
      const model: number[] = []
      for (const step of steps) {
        if (step !== undefined) {
          heap.add(step)
          model.push(step)
          model.sort((one, other) => other - one)
        } else if (model.length > 0) {
          expect(heap.take()).toBe(model.shift())
        }
      }
      for (const expected of model) expect(heap.take()).toBe(expected)
    }),
  )
})
