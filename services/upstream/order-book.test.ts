import { expect, test } from 'vitest'
import { deriveMarket } from './derive-market.ts'
import type { Quote } from './market.ts'
import { type Book, bookChanges, bookOf, type LevelChange } from './order-book.ts'

const market = deriveMarket({
  slug: 'aec-mlb-bos-nym-2026-07-10',
  question: 'Boston Red Sox vs. New York Mets',
  category: 'sports',
  opening: { bid: 0.5, ask: 0.51, volume24h: 100 },
  recordedAtMs: Date.parse('2026-07-10T20:00:00Z'),
})

function quoteAt(bid: number | undefined, ask: number | undefined): Quote {
  return { bid, ask, volume24h: 1, price: 0.5, lastTradePrice: undefined, seq: 1, timestampMs: 0 }
}

function applied(book: Book, changes: readonly LevelChange[]): Record<string, string> {
  const levels = Object.fromEntries([
    ...book.bids.map(({ price, size }) => [`BUY ${price}`, size]),
    ...book.asks.map(({ price, size }) => [`SELL ${price}`, size]),
  ])
  for (const { side, price, size } of changes) {
    if (size === '0') delete levels[`${side} ${price}`]
    else levels[`${side} ${price}`] = size
  }
  return levels
}

test('the changes between two books lead from the one to the other', () => {
  const before = bookOf(market, quoteAt(0.5, 0.51), 0)
  const after = bookOf(market, quoteAt(0.51, 0.53), 0)

  expect(applied(before, bookChanges(before, after))).toEqual(applied(after, []))
})

test('the second outcome sees the complement of the first', () => {
  const { bids, asks } = bookOf(market, quoteAt(0.6, 0.62), 1)

  expect(bids.at(-1)?.price).toBe('0.38')
  expect(asks.at(-1)?.price).toBe('0.4')
})

test('a side without an offer is empty', () => {
  expect(bookOf(market, quoteAt(undefined, 0.4), 0).bids).toEqual([])
  expect(bookOf(market, quoteAt(0.4, undefined), 0).asks).toEqual([])
})
