import fc from 'fast-check'
import { expect, test } from 'vitest'
import { orderText } from './order.ts'

test('texts compare as the orders do', () => {
  const order = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })
  fc.assert(
    fc.property(order, order, (left, right) => {
      expect(orderText(left) < orderText(right)).toBe(left < right)
    }),
  )
})

test('a number and the same bigint are one order, and -0 is 0', () => {
  expect(orderText(42)).toBe(orderText(42n))
  expect(orderText(-0)).toBe('0'.repeat(19))
})

test('what is no order is refused with what came', () => {
  const expected = { code: 'SP_ORDER_INVALID', received: 'the number 1.5' }
  expect(() => orderText(1.5)).toThrow(expect.objectContaining(expected))
})
