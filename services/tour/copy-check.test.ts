import { expect, test } from 'vitest'
import { copiesSince } from './copy-check.ts'

test('every copy of the trade counts, and nothing that was there before or came otherwise', () => {
  const before = [{ id: 1, copiedFrom: '0xa' }]
  const held = [
    ...before,
    { id: 2, copiedFrom: '0xa' },
    { id: 3, copiedFrom: null },
    { id: 4, copiedFrom: '0xb' },
    { id: 5, copiedFrom: '0xa' },
  ]
  expect(copiesSince(before, held, '0xa').map(({ id }) => id)).toEqual([2, 5])
})
