/**
 * A market: one yes-or-no question. It carries no price: what changes every second is a family of
 * its own, so that a tick never retires a market.
 */
import { z } from 'zod'

export const marketSchema = z.object({
  id: z.string(),
  conditionId: z.string(),
  slug: z.string(),
  question: z.string(),
  category: z.string(),
  /** The event that groups several markets, or null where the market stands alone. */
  groupId: z.string().nullable(),
  /** Token ids exceed a JavaScript number: they stay text. */
  yesTokenId: z.string(),
  noTokenId: z.string(),
  /** US dollars traded so far. */
  volume: z.number(),
  /** US dollars in the order book. */
  liquidity: z.number(),
  endsAt: z.iso.datetime().nullable(),
  isActive: z.boolean(),
  createdAt: z.iso.datetime(),
})
export type Market = z.infer<typeof marketSchema>

export const marketListSchema = z.array(marketSchema)

/** How a list of markets is sorted; `ending` lists what ends within a week, soonest first. */
export const marketOrders = ['volume', 'liquidity', 'new', 'ending'] as const
export type MarketOrder = (typeof marketOrders)[number]

/** Greatest number of markets in one batch request, and of ids in one load. */
export const marketBatchMax = 200

/** Tag of every list of markets and of events: an import may change any page of any size. */
export const marketListsTag = 'market_lists'

/** The lists that the bot shows: so many markets a page, and so many pages. */
export const marketPageSize = 8
export const marketPagesMax = 10
