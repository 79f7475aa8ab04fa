// What the provider sends, as schemas that accept what it really sends: numbers as text, lists as
// JSON inside a string, fields that come and go, old rows that lack most of them. What is
// missing gets a default; only a row without an identity is refused, or one with a place or a time
// that can't be. The provider uses the market schema itself for the files it replays, and its
// clients (Workers, Indexer) use all of them.
import { z } from 'zod'

const number = z
  .union([z.number(), z.string().trim().min(1).transform(Number)])
  .pipe(z.number().finite())
const text = z.string()
const optionalText = z.string().min(1).optional().catch(undefined)
const optionalNumber = number.optional().catch(undefined)
/** A name of something: printable ASCII, and short enough for a key of the cache and an index. */
const name = z.string().regex(/^[!-~]{1,100}$/)
const optionalName = name.optional().catch(undefined)
const identity = z.union([name, z.number().int().nonnegative().transform(String)])

const dayMs = 86_400_000
/**
 * Sequence numbers rise over restarts of the provider; milliseconds times 1000 at its start. One
 * that lies days ahead would make whatever comes until then look old.
 */
const sequence = z
  .number()
  .int()
  .nonnegative()
  .refine((seq) => seq <= (Date.now() + dayMs) * 1_000, 'expected a number that is due by now')
/** Milliseconds since 1970, up to the year 9999: what a date in four digits can say. */
export const momentMs = z.number().min(0).max(253_402_300_799_999)
const timestamp = number.pipe(momentMs)
/** What a column of 12 digits before the point holds. */
const amount = number.pipe(z.number().min(0).lt(1e12))
const share = number.pipe(z.number().min(0).max(1))

/** A list that the provider encodes as JSON inside a string. */
function encodedList<Item extends z.ZodType>(item: Item) {
  const decoded = z.preprocess(
    (value) => (typeof value === 'string' ? decodedOrSame(value) : value),
    z.array(item),
  )
  return decoded.catch([])
}

function decodedOrSame(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    // Not JSON: the array schema refuses the string and the default takes its place.
    return value
  }
}

const eventReference = z.object({
  id: identity,
  slug: text.catch(''),
  title: text.catch(''),
})

/** One row of `/markets`. Prices and tokens pair with `outcomes` by index. */
export const marketSchema = z
  .object({
    id: identity,
    slug: optionalText,
    question: optionalText,
    conditionId: optionalName,
    description: text.catch(''),
    category: text.catch(''),
    groupItemTitle: text.catch(''),
    outcomes: encodedList(text),
    outcomePrices: encodedList(number),
    clobTokenIds: encodedList(name),
    volume: amount.catch(0),
    volume24hr: number.catch(0),
    liquidity: amount.catch(0),
    bestBid: optionalNumber,
    bestAsk: optionalNumber,
    lastTradePrice: optionalNumber,
    orderPriceMinTickSize: number.catch(0.01),
    active: z.boolean().catch(true),
    closed: z.boolean().catch(false),
    createdAt: optionalText,
    updatedAt: optionalText,
    endDate: optionalText,
    events: z.array(eventReference).catch([]),
    /** Of the quote shown in this row; 0 for a row of a file. */
    seq: sequence.catch(0),
  })
  .refine((row) => row.slug !== undefined || row.question !== undefined, {
    message: 'expected a slug or a question, got neither',
  })
  .transform((row) => ({
    ...row,
    slug: row.slug ?? `market-${row.id}`,
    question: row.question ?? row.slug ?? '',
  }))
export type UpstreamMarket = z.output<typeof marketSchema>

/** One row of `/events`: a group of markets. */
export const eventSchema = z.object({
  id: identity,
  slug: text,
  title: text,
  category: text.catch(''),
  volume: number.catch(0),
  volume24hr: number.catch(0),
  liquidity: number.catch(0),
  endDate: optionalText,
  markets: z.array(marketSchema).catch([]),
})
export type UpstreamEvent = z.output<typeof eventSchema>

/** One row of `/prices`, of the first outcome; the second has the complement. */
export const priceSchema = z.object({
  market_id: identity,
  condition_id: text,
  price: number,
  best_bid: optionalNumber,
  best_ask: optionalNumber,
  last_trade_price: optionalNumber,
  volume24hr: number.catch(0),
  seq: sequence,
  timestamp,
})
export type UpstreamPrice = z.output<typeof priceSchema>

/** One row of `/trades`. `timestamp` is in seconds since 1970, as the provider has it. */
export const tradeSchema = z.object({
  seq: sequence,
  proxyWallet: name,
  side: z.enum(['BUY', 'SELL']),
  asset: name,
  conditionId: text,
  marketId: identity,
  size: amount,
  price: share,
  timestamp: number.pipe(z.number().min(0).max(253_402_300_799)),
  title: text.catch(''),
  slug: text.catch(''),
  eventSlug: text.catch(''),
  outcome: text,
  outcomeIndex: z.number().int().nonnegative(),
  transactionHash: name,
})
export type UpstreamTrade = z.output<typeof tradeSchema>

/** One row of `/leaders`. */
export const leaderSchema = z.object({
  rank: z.number().int().positive(),
  proxyWallet: text,
  userName: text,
  vol: number,
  pnl: number,
})
export type UpstreamLeader = z.output<typeof leaderSchema>

const level = z.object({ price: number, size: number })
const bookFields = {
  market: name,
  asset_id: text,
  bids: z.array(level),
  asks: z.array(level),
  timestamp,
  hash: text.catch(''),
}
/** `/book`. Levels come in no promised order: take the highest bid and the lowest ask. */
export const bookSchema = z.object(bookFields)
export type UpstreamBook = z.output<typeof bookSchema>

const change = z.object({
  asset_id: text,
  price: number,
  /** The new total at this price; 0 removes the level. */
  size: number,
  side: z.enum(['BUY', 'SELL']),
  hash: text.catch(''),
  best_bid: number,
  best_ask: number,
})

const head = { market: name, seq: sequence, timestamp }

/**
 * One message of the market channel. `market` is the condition id. `seq` never falls; the messages
 * of one change of a quote share it. A frame holds one message or an array of them.
 */
export const marketMessageSchema = z.discriminatedUnion('event_type', [
  z.object({ event_type: z.literal('book'), seq: sequence, ...bookFields }),
  z.object({
    event_type: z.literal('best_bid_ask'),
    ...head,
    asset_id: text,
    best_bid: number,
    best_ask: number,
    spread: number,
  }),
  z.object({ event_type: z.literal('price_change'), ...head, price_changes: z.array(change) }),
  z.object({
    event_type: z.literal('last_trade_price'),
    ...head,
    asset_id: text,
    price: number,
    size: number,
    side: z.enum(['BUY', 'SELL']),
    fee_rate_bps: text.catch('0'),
  }),
])
export type MarketMessage = z.output<typeof marketMessageSchema>

/** What a client of the market channel sends; without `assets_ids` it gets every market. */
export const subscriptionSchema = z.object({
  type: z.literal('market').optional(),
  operation: z.enum(['subscribe', 'unsubscribe']).optional(),
  assets_ids: z.array(z.string().min(1).max(100)).max(20_000).optional(),
})
export type Subscription = z.output<typeof subscriptionSchema>
