/**
 * A position: shares of one outcome of one market, held by one user. What is cached of it is the
 * holding, which only its owner's trades change; what it is worth now follows from the price of
 * its market, a family of its own, so that a tick never retires anybody's positions.
 */
import { z } from 'zod'
import { outcomeSchema, type Quote, round, sellPrice } from './price.ts'

export const holdingSchema = z.object({
  id: z.number().int(),
  userId: z.number().int(),
  marketId: z.string(),
  outcome: outcomeSchema,
  /** Shares. */
  size: z.number(),
  /** US dollars per share, paid at the start. */
  entryPrice: z.number(),
  takeProfit: z.number().nullable(),
  stopLoss: z.number().nullable(),
  status: z.enum(['open', 'closed']),
  /** What the sale brought per share, or null while open. */
  exitPrice: z.number().nullable(),
  /** Wallet of the leader whose trade was copied, or null. */
  copiedFrom: z.string().nullable(),
  createdAt: z.iso.datetime(),
  closedAt: z.iso.datetime().nullable(),
})
export type Holding = z.infer<typeof holdingSchema>

export const holdingsSchema = z.array(holdingSchema)

export const positionSchema = holdingSchema.extend({
  /** US dollars per share that a sale would bring, or has brought. */
  currentPrice: z.number(),
})
export type Position = z.infer<typeof positionSchema>

export const positionsSchema = z.array(positionSchema)

/** A holding at what its market is quoted at; where it is not quoted, at what was paid. */
export function valued(holding: Holding, quote: Pick<Quote, 'bid' | 'ask'> | undefined): Position {
  const offered = quote === undefined ? holding.entryPrice : sellPrice(quote, holding.outcome)
  return { ...holding, currentPrice: holding.exitPrice ?? offered }
}

/** Profit in US dollars, negative for a loss: realised where closed, else at the current price. */
export function profitOf(position: Position): number {
  return round((position.currentPrice - position.entryPrice) * position.size)
}
