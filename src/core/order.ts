/** What the `order` of a family returns, checked where it enters. */
import { describe } from './describe.ts'
import { StaleproofError } from './errors.ts'
import { formatOrder } from './slot.ts'

/** The order as it stands in slots. Throws `SP_ORDER_INVALID` unless it is from 0 to 2⁶³−1. */
export function orderText(order: unknown): string {
  if (typeof order === 'number' || typeof order === 'bigint') {
    try {
      return formatOrder(order)
    } catch (cause) {
      throw invalidOrder(order, cause)
    }
  }
  throw invalidOrder(order, undefined)
}

function invalidOrder(order: unknown, cause: unknown): StaleproofError {
  return new StaleproofError('SP_ORDER_INVALID', 'The order of a value cannot be used', {
    expected: 'a safe integer or a bigint from 0 to 2^63-1',
    received: describe(order),
    cause,
  })
}
