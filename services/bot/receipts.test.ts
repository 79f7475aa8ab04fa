import { expect, test } from 'vitest'
import { Receipts, tradersMax } from './receipts.ts'

test('of so many traders are remembered, and the one who wrote longest ago makes room', () => {
  const receipts = new Receipts()
  for (let trader = 0; trader < tradersMax; trader += 1) {
    receipts.remember(trader, `token ${trader}`, ['positions'])
  }
  receipts.remember(0, 'again', ['user'])
  receipts.remember(tradersMax, 'new', ['user'])
  expect(receipts.traders).toBe(tradersMax)
  expect(receipts.after(0, 'positions')).toBe('token 0')
  expect(receipts.after(1, 'positions')).toBeUndefined()
  expect(receipts.after(tradersMax, 'user')).toBe('new')
})
