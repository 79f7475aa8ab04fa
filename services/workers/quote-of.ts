/** Reads the quote out of a message of the market channel; most messages have none for us. */
import type { Quote } from '../domain/price.ts'
import type { MarketMessage } from '../upstream/client-types.ts'
import type { MarketIndex } from './market-index.ts'

/** A side without an offer counts as 0 for the bid and 1 for the ask. */
export function quoteOf(message: MarketMessage, index: MarketIndex): Quote | undefined {
  if (message.event_type !== 'book' && message.event_type !== 'best_bid_ask') return undefined
  const marketId = index.marketIdOf(message.asset_id)
  if (marketId === undefined) return undefined
  const quotedAt = new Date(message.timestamp).toISOString()
  return { marketId, ...sidesOf(message), seq: message.seq, quotedAt }
}

function sidesOf(message: Extract<MarketMessage, { event_type: 'book' | 'best_bid_ask' }>) {
  if (message.event_type === 'best_bid_ask') {
    return { bid: message.best_bid, ask: message.best_ask }
  }
  // Levels come in no promised order.
  const bids = message.bids.map((level) => level.price)
  const asks = message.asks.map((level) => level.price)
  return { bid: Math.max(0, ...bids), ask: Math.min(1, ...asks) }
}
