/** Which open positions are past a limit, by their marks. */
import { and, eq, gt, gte, isNotNull, lte, or } from 'drizzle-orm'
import type { Database } from '../../database/connection.ts'
import { positions } from '../../database/schema.ts'

export interface ReachedPage {
  /** Only later ones; 0 for the first page. */
  readonly afterId: number
  readonly limit: number
}

/** Ids in rising order, whatever it was that moved: the price or the limit. */
export async function reachedLimits(
  database: Database,
  { afterId, limit }: ReachedPage,
): Promise<number[]> {
  const { id, currentPrice, takeProfit, stopLoss, status } = positions
  const isOpen = eq(status, 'open')
  const isLimited = or(isNotNull(takeProfit), isNotNull(stopLoss))
  const isReached = or(gte(currentPrice, takeProfit), lte(currentPrice, stopLoss))
  const rows = await database
    .select({ id })
    .from(positions)
    .where(and(isOpen, isLimited, isReached, gt(id, afterId)))
    .orderBy(id)
    .limit(limit)
  return rows.map((row) => row.id)
}
