import { expect, test } from 'vitest'
import { sampleMarket } from '../api/testing/sample-data.ts'
import { marketMessageSchema } from '../upstream/client-types.ts'
import { MarketIndex } from './market-index.ts'
import { quoteOf } from './quote-of.ts'

const index = new MarketIndex()
index.add([sampleMarket('11')])

const head = { market: '0x1', seq: 7, timestamp: '1783715146000' }
const quoted = { marketId: '11', seq: 7, quotedAt: '2026-07-10T20:25:46.000Z' }

function read(message: object) {
  return quoteOf(marketMessageSchema.parse({ ...head, ...message }), index)
}

test('the best bid and ask of the yes token are the quote', () => {
  const best = { event_type: 'best_bid_ask', best_bid: '.4', best_ask: '0.6', spread: '0.2' }
  expect(read({ ...best, asset_id: '111' })).toEqual({ ...quoted, bid: 0.4, ask: 0.6 })
  expect(read({ ...best, asset_id: '112' })).toBeUndefined()
  expect(read({ ...best, asset_id: 'unknown' })).toBeUndefined()
})

test('a book is read whatever the order of its levels, and without a side', () => {
  const level = (price: string) => ({ price, size: '10' })
  const book = { event_type: 'book', asset_id: '111', hash: '0x' }
  const bids = [level('.41'), level('.43'), level('.4')]
  expect(read({ ...book, bids, asks: [level('.9'), level('.5')] })).toMatchObject({
    bid: 0.43,
    ask: 0.5,
  })
  expect(read({ ...book, bids: [], asks: [] })).toMatchObject({ bid: 0, ask: 1 })
})

test('a trade is no quote', () => {
  const trade = { event_type: 'last_trade_price', price: '0.5', size: '1', side: 'BUY' }
  expect(read({ ...trade, asset_id: '111' })).toBeUndefined()
})
