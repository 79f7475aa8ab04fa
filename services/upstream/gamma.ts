// Writes the state in the shapes of the provider's HTTP interface: numbers as text where it does,
// lists as JSON inside a string, dates as ISO text.
import type { Exchange } from './exchange.ts'
import { decimal, type Market, type Quote } from './market.ts'
import type { Trade } from './trade.ts'

const DAY_MS = 86_400_000

export type Row = Readonly<Record<string, unknown>>

/** A row of `/markets`. Dates lie as far from today as they lay from the day of recording. */
export function marketRow(market: Market, quote: Quote, nowMs: number): Row {
  const volume = quote.volume24h * market.volumeFactor
  const liquidity = quote.volume24h * market.liquidityFactor
  return {
    id: market.id,
    question: market.question,
    conditionId: market.conditionId,
    slug: market.slug,
    description: market.description,
    category: market.category,
    groupItemTitle: market.choice,
    outcomes: JSON.stringify(market.outcomes),
    outcomePrices: JSON.stringify([decimal(quote.price), decimal(1 - quote.price)]),
    clobTokenIds: JSON.stringify(market.tokenIds),
    volume: decimal(volume),
    volumeNum: Number(decimal(volume)),
    volume24hr: quote.volume24h,
    liquidity: decimal(liquidity),
    liquidityNum: Number(decimal(liquidity)),
    ...present({
      bestBid: quote.bid,
      bestAsk: quote.ask,
      lastTradePrice: quote.lastTradePrice,
    }),
    orderPriceMinTickSize: market.tickSize,
    orderMinSize: 5,
    active: true,
    closed: market.isClosed,
    archived: false,
    acceptingOrders: !market.isClosed,
    createdAt: isoDate(shiftedMs(market, market.createdAtMs, nowMs)),
    updatedAt: isoDate(quote.timestampMs),
    endDate: isoDate(endAtMs(market, nowMs)),
    events: [market.event],
    seq: quote.seq,
  }
}

/** A row of `/events` with its markets. */
export function eventRow(markets: readonly Market[], exchange: Exchange, nowMs: number): Row {
  const rows = markets.map((market) => marketRow(market, exchange.quote(market), nowMs))
  const sum = (field: string) => rows.reduce((total, row) => total + (Number(row[field]) || 0), 0)
  const [first] = markets
  const endsAtMs = Math.max(...markets.map((market) => endAtMs(market, nowMs)))
  return {
    ...first?.event,
    ticker: first?.event.slug ?? '',
    category: first?.category ?? '',
    volume: sum('volumeNum'),
    volume24hr: sum('volume24hr'),
    liquidity: sum('liquidityNum'),
    active: true,
    closed: false,
    endDate: isoDate(endsAtMs),
    markets: rows,
  }
}

/** A row of `/prices`. */
export function priceRow(market: Market, quote: Quote): Row {
  return {
    market_id: market.id,
    condition_id: market.conditionId,
    price: Number(decimal(quote.price)),
    ...present({
      best_bid: quote.bid,
      best_ask: quote.ask,
      last_trade_price: quote.lastTradePrice,
    }),
    volume24hr: quote.volume24h,
    seq: quote.seq,
    timestamp: quote.timestampMs,
  }
}

/** A row of `/trades`. */
export function tradeRow(trade: Trade): Row {
  const { market, outcomeIndex } = trade
  return {
    seq: trade.seq,
    proxyWallet: trade.wallet.address,
    side: trade.side,
    asset: market.tokenIds[outcomeIndex],
    conditionId: market.conditionId,
    marketId: market.id,
    size: trade.size,
    price: trade.price,
    timestamp: Math.floor(trade.timestampMs / 1000),
    title: market.question,
    slug: market.slug,
    icon: '',
    eventSlug: market.event.slug,
    outcome: market.outcomes[outcomeIndex],
    outcomeIndex,
    transactionHash: trade.transactionHash,
  }
}

/** When a market ends, seen from a given day. */
export function endAtMs(market: Market, nowMs: number): number {
  return shiftedMs(market, market.endAtMs, nowMs)
}

/** When a market was made, seen from a given day. */
export function createdAtMs(market: Market, nowMs: number): number {
  return shiftedMs(market, market.createdAtMs, nowMs)
}

/** Whole days only: a game that started in the evening still does. */
function shiftedMs(market: Market, atMs: number, nowMs: number): number {
  const days = Math.floor(nowMs / DAY_MS) - Math.floor(market.recordedAtMs / DAY_MS)
  return atMs + days * DAY_MS
}

function isoDate(atMs: number): string {
  return new Date(atMs).toISOString()
}

function present(fields: Readonly<Record<string, number | undefined>>): Record<string, number> {
  const kept: Record<string, number> = {}
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) kept[name] = value
  return kept
}
