// The messages of the market channel, in the provider's shapes: every number as text, but `seq`.
import type { Move } from './exchange.ts'
import { decimal, type Market, type Quote, sideOf } from './market.ts'
import { bookChanges, bookOf } from './order-book.ts'
import type { Trade } from './trade.ts'

/** One message, ready to be sent to whoever follows one of its tokens. */
export interface EncodedMessage {
  readonly tokenIds: readonly string[]
  readonly json: string
}

/** The whole book of one token, sent when it is subscribed to. */
export function bookMessage(market: Market, quote: Quote, outcomeIndex: 0 | 1): EncodedMessage {
  const tokenId = market.tokenIds[outcomeIndex]
  return encoded([tokenId], {
    event_type: 'book',
    ...head(market, quote),
    asset_id: tokenId,
    ...bookOf(market, quote, outcomeIndex),
    hash: hashOf(quote),
  })
}

/** What is told when a quote changed; nothing when only the volume did. */
export function moveMessages({ market, before, after }: Move): EncodedMessage[] {
  if (before.bid === after.bid && before.ask === after.ask) return []
  return [
    bestMessage(market, after, 0),
    bestMessage(market, after, 1),
    encoded(market.tokenIds, {
      event_type: 'price_change',
      ...head(market, after),
      price_changes: [
        ...changesOf({ market, before, after }, 0),
        ...changesOf({ market, before, after }, 1),
      ],
    }),
  ]
}

/** What is told when a trade was made. */
export function tradeMessage(trade: Trade): EncodedMessage {
  const tokenId = trade.market.tokenIds[trade.outcomeIndex]
  return encoded([tokenId], {
    event_type: 'last_trade_price',
    market: trade.market.conditionId,
    asset_id: tokenId,
    price: decimal(trade.price),
    size: decimal(trade.size),
    side: trade.side,
    fee_rate_bps: '0',
    timestamp: String(trade.timestampMs),
    seq: trade.seq,
  })
}

function bestMessage(market: Market, quote: Quote, outcomeIndex: 0 | 1): EncodedMessage {
  const tokenId = market.tokenIds[outcomeIndex]
  const { bid, ask } = sideOf(quote, outcomeIndex)
  return encoded([tokenId], {
    event_type: 'best_bid_ask',
    ...head(market, quote),
    asset_id: tokenId,
    best_bid: decimal(bid),
    best_ask: decimal(ask),
    spread: decimal(ask - bid),
  })
}

function changesOf({ market, before, after }: Move, outcomeIndex: 0 | 1) {
  const { bid, ask } = sideOf(after, outcomeIndex)
  const changes = bookChanges(
    bookOf(market, before, outcomeIndex),
    bookOf(market, after, outcomeIndex),
  )
  return changes.map((change) => ({
    asset_id: market.tokenIds[outcomeIndex],
    ...change,
    hash: hashOf(after),
    best_bid: decimal(bid),
    best_ask: decimal(ask),
  }))
}

function head(market: Market, quote: Quote) {
  return { market: market.conditionId, timestamp: String(quote.timestampMs), seq: quote.seq }
}

function hashOf(quote: Quote): string {
  return `0x${quote.seq.toString(16)}`
}

function encoded(tokenIds: readonly string[], message: object): EncodedMessage {
  return { tokenIds, json: JSON.stringify(message) }
}
