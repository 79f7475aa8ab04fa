/** Leaders: wallets that are watched, what they trade, and how they rank. */
import { z } from 'zod'
import { outcomeSchema } from './price.ts'

export const walletSchema = z.string().regex(/^0x[0-9a-f]{40}$/, 'a wallet is 0x and 40 hex digits')

export const watchedAddressSchema = z.object({
  address: z.string(),
  label: z.string(),
  /** Number of users who copy the trades of this wallet. */
  copiers: z.number().int(),
})
export type WatchedAddress = z.infer<typeof watchedAddressSchema>

/** How many were added, forgotten, renamed or are copied by another number of users. */
export function watchedDistance(
  before: readonly WatchedAddress[],
  after: readonly WatchedAddress[],
): number {
  const known = new Map(before.map((each) => [each.address, each]))
  const isSame = ({ address, label, copiers }: WatchedAddress) => {
    const earlier = known.get(address)
    return earlier?.label === label && earlier.copiers === copiers
  }
  const same = after.filter(isSame).length
  return Math.max(before.length, after.length) - same
}

export const leaderTradeSchema = z.object({
  id: z.number().int(),
  address: z.string(),
  label: z.string(),
  marketId: z.string(),
  question: z.string(),
  outcome: outcomeSchema,
  side: z.enum(['buy', 'sell']),
  size: z.number(),
  price: z.number(),
  tradedAt: z.iso.datetime(),
})
export type LeaderTrade = z.infer<typeof leaderTradeSchema>

export const leaderSchema = z.object({
  rank: z.number().int(),
  address: z.string(),
  label: z.string(),
  trades: z.number().int(),
  /** US dollars traded. */
  volume: z.number(),
  /** US dollars: sales less purchases, plus what the shares held are worth. */
  profit: z.number(),
})
export type Leader = z.infer<typeof leaderSchema>

/** Which market and outcome a token stands for. */
export const tokenMeaningSchema = z.object({ marketId: z.string(), outcome: outcomeSchema })
export type TokenMeaning = z.infer<typeof tokenMeaningSchema>

/** Channel that wakes the copy-trade listener; the trade itself is in the table. */
export function copyTradeChannel(address: string): string {
  return `copy_trade:${address}`
}
