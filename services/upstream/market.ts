// The vocabulary of the replay: a market that does not change, and a quote of it that does.

export interface EventGroup {
  readonly id: string
  readonly slug: string
  readonly title: string
}

/** A binary market; token and outcome 0 is the side that the quotes are about. */
export interface Market {
  readonly id: string
  readonly slug: string
  readonly question: string
  readonly description: string
  readonly category: string
  readonly conditionId: string
  readonly tokenIds: readonly [string, string]
  readonly outcomes: readonly [string, string]
  readonly choice: string
  readonly event: EventGroup
  readonly tickSize: number
  /** Derived: total volume and liquidity follow the recorded 24 h volume by these factors. */
  readonly volumeFactor: number
  readonly liquidityFactor: number
  /** The day of recording; dates are shown as far from today as they were from that day. */
  readonly recordedAtMs: number
  readonly createdAtMs: number
  readonly endAtMs: number
  readonly isClosed: boolean
  readonly opening: QuoteValues
}

/** One recorded sample. A side without an offer is absent. */
export interface QuoteValues {
  readonly bid?: number | undefined
  readonly ask?: number | undefined
  readonly volume24h: number
}

/** The current quote of a market. */
export interface Quote extends QuoteValues {
  /** The middle of both sides; with one side missing, the last known one. */
  readonly price: number
  readonly lastTradePrice: number | undefined
  readonly seq: number
  readonly timestampMs: number
}

/** One recorded moment of the tape. */
export interface Frame {
  readonly atMs: number
  readonly quotes: ReadonlyMap<string, QuoteValues>
}

/** Prices and sizes go out as short decimal text. */
export function decimal(value: number): string {
  return String(Number(value.toFixed(6)))
}

/** The bid, ask and price of one outcome; the second one sees the complement of the first. */
export function sideOf(quote: Quote, outcomeIndex: 0 | 1): { bid: number; ask: number } {
  const bid = quote.bid ?? 0
  const ask = quote.ask ?? 1
  return outcomeIndex === 0 ? { bid, ask } : { bid: 1 - ask, ask: 1 - bid }
}
