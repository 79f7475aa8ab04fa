/** A position: shares of one outcome of one market, held by one user. */
import { z } from 'zod'
import { outcomeSchema, round } from './price.ts'

export const positionSchema = z.object({
  id: z.number().int(),
  userId: z.number().int(),
  marketId: z.string(),
  outcome: outcomeSchema,
  /** Shares. */
  size: z.number(),
  /** US dollars per share, paid at the start. */
  entryPrice: z.number(),
  /** US dollars per share that a sale would bring, as of the last batch of prices. */
  currentPrice: z.number(),
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
export type Position = z.infer<typeof positionSchema>

export const positionsSchema = z.array(positionSchema)

/** Profit in US dollars, negative for a loss: realised where closed, else at the current price. */
export function profitOf(position: Position): number {
  const price = position.exitPrice ?? position.currentPrice
  return round((price - position.entryPrice) * position.size)
}
