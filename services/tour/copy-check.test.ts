import { expect, test } from 'vitest'
import { copiesOf } from './copy-check.ts'

const trade = { proxyWallet: '0xa', marketId: '7', outcomeIndex: 0 } as const
const copy = { marketId: '7', outcome: 'yes', copiedFrom: '0xa' } as const

test('every copy of the trade counts, and nothing that was there before or came otherwise', () => {
  const before = [{ ...copy, id: 1 }]
  const held = [
    ...before,
    { ...copy, id: 2 },
    { ...copy, id: 3, copiedFrom: null },
    { ...copy, id: 4, copiedFrom: '0xb' },
    { ...copy, id: 5 },
  ]
  expect(copiesOf(trade, before, held).map(({ id }) => id)).toEqual([2, 5])
})

test('what is copied of other trades of the leader does not count', () => {
  const held = [
    { ...copy, id: 2 },
    { ...copy, id: 3, marketId: '8' },
    { ...copy, id: 4, outcome: 'no' as const },
  ]
  expect(copiesOf(trade, [], held).map(({ id }) => id)).toEqual([2])
  expect(copiesOf({ ...trade, outcomeIndex: 1 }, [], held).map(({ id }) => id)).toEqual([4])
})
