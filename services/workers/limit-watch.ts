/** Sells positions whose price has reached their take-profit or stop-loss, through the API. */
import { and, eq, gte, inArray, lte, or } from 'drizzle-orm'
import type { Database } from '../database/connection.ts'
import { positions } from '../database/schema.ts'
import { HttpFault } from '../process/http-client.ts'
import type { ServiceLogger } from '../process/logger.ts'
import type { TradingClient } from './trading-client.ts'

export interface LimitWatchOptions {
  readonly database: Database
  readonly trading: TradingClient
  readonly log: ServiceLogger
}

/** Looks only at positions that were just repriced; a refused sale is tried at the next move. */
export async function sellReachedLimits(
  { database, trading, log }: LimitWatchOptions,
  positionIds: readonly number[],
): Promise<void> {
  if (positionIds.length === 0) return
  const { id, currentPrice, takeProfit, stopLoss, status } = positions
  const isReached = or(gte(currentPrice, takeProfit), lte(currentPrice, stopLoss))
  const reached = await database
    .select({ id })
    .from(positions)
    .where(and(inArray(id, [...positionIds]), eq(status, 'open'), isReached))
  for (const position of reached) {
    try {
      await trading.sell(position.id)
      log.info({ positionId: position.id }, 'limit reached, position sold')
    } catch (error) {
      if (!(error instanceof HttpFault)) throw error
      log.warn({ positionId: position.id, err: error }, 'limit reached, but not sold')
    }
  }
}
