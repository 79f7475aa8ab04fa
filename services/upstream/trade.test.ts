import { expect, test } from 'vitest'
import { deriveMarket } from './derive-market.ts'
import { Ledger, TRADES_MAX } from './trade.ts'
import { wallets } from './wallet.ts'

const market = deriveMarket({
  slug: 'a',
  question: 'A?',
  category: '',
  opening: { bid: 0.5, ask: 0.51, volume24h: 100 },
  recordedAtMs: 0,
})

function ledgerWith(count: number): Ledger {
  const ledger = new Ledger()
  for (let seq = 1; seq <= count; seq += 1) {
    const wallet = wallets[seq % 2]
    if (wallet === undefined) throw new Error('expected two wallets')
    ledger.add({
      ...{ seq, wallet, market, outcomeIndex: 0, side: 'BUY', size: 1, price: 0.5 },
      ...{ timestampMs: seq, transactionHash: `0x${seq}` },
    })
  }
  return ledger
}

test('never holds more trades than its bound', () => {
  const ledger = ledgerWith(TRADES_MAX * 2)

  const held = ledger.since(0, { address: undefined, limit: Number.POSITIVE_INFINITY })

  expect(held.length).toBeLessThanOrEqual(TRADES_MAX)
  expect(held.at(-1)?.seq).toBe(TRADES_MAX * 2)
})

test('gives what came after a point oldest first, so that pages join', () => {
  const ledger = ledgerWith(9)

  const page = ledger.since(3, { address: wallets[0]?.address, limit: 2 })

  expect(page.map(({ seq }) => seq)).toEqual([4, 6])
})

test('gives the latest newest first', () => {
  const page = ledgerWith(9).latest({ address: undefined, limit: 2 })

  expect(page.map(({ seq }) => seq)).toEqual([9, 8])
})
