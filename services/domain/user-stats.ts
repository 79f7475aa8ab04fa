/** What a user's trades have come to. */
import { z } from 'zod'

export const userStatsSchema = z.object({
  userId: z.number().int(),
  telegramId: z.number().int(),
  openPositions: z.number().int(),
  closedPositions: z.number().int(),
  /** US dollars, of closed positions. */
  realisedProfit: z.number(),
  /** US dollars, of open positions at their current price. */
  unrealisedProfit: z.number(),
  /** US dollars, paid and received. */
  volume: z.number(),
  /** Share of closed positions with a profit, or null before the first is closed. */
  winRate: z.number().nullable(),
  lastTradeAt: z.iso.datetime().nullable(),
})
export type UserStats = z.infer<typeof userStatsSchema>
