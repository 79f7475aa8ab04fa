/**
 * The price of a market, and what a trader pays or receives for an outcome at it.
 * A price is quoted for YES; NO is its complement, so buying NO is selling YES.
 */
import { z } from 'zod'

export const outcomeSchema = z.enum(['yes', 'no'])
export type Outcome = z.infer<typeof outcomeSchema>

export const priceSchema = z.object({
  marketId: z.string(),
  /** What a buyer of YES offers, between 0 and 1. */
  bid: z.number(),
  /** What a seller of YES asks, between 0 and 1. */
  ask: z.number(),
  mid: z.number(),
  spread: z.number(),
  /** Rises with every quote of this market; orders two prices without a clock. */
  seq: z.number().int().nonnegative(),
  quotedAt: z.iso.datetime(),
})
export type Price = z.infer<typeof priceSchema>

/** What one token, a share of one outcome, costs and brings. */
export const tokenPriceSchema = z.object({
  tokenId: z.string(),
  marketId: z.string(),
  outcome: outcomeSchema,
  /** What one share costs now. */
  buy: z.number(),
  /** What one share brings now. */
  sell: z.number(),
  spread: z.number(),
  seq: z.number().int().nonnegative(),
})
export type TokenPrice = z.infer<typeof tokenPriceSchema>

/** A quote as it is stored; middle and spread follow from it. */
export interface Quote {
  readonly marketId: string
  readonly bid: number
  readonly ask: number
  readonly seq: number
  readonly quotedAt: string
}

export function priceOf(quote: Quote): Price {
  return {
    ...quote,
    mid: round((quote.bid + quote.ask) / 2),
    spread: round(quote.ask - quote.bid),
  }
}

/** What one share of the outcome costs now. */
export function buyPrice(quote: Pick<Quote, 'bid' | 'ask'>, outcome: Outcome): number {
  return outcome === 'yes' ? round(quote.ask) : round(1 - quote.bid)
}

/** What one share of the outcome brings now; open positions are valued at it. */
export function sellPrice(quote: Pick<Quote, 'bid' | 'ask'>, outcome: Outcome): number {
  return outcome === 'yes' ? round(quote.bid) : round(1 - quote.ask)
}

/** Six decimals, as the database keeps them. */
export function round(amount: number): number {
  return Math.round(amount * 1e6) / 1e6
}
