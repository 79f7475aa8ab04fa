/** Take-profit and stop-loss of a position. */
import { eq } from 'drizzle-orm'
import type { Transaction } from '../../database/connection.ts'
import { positions } from '../../database/schema.ts'
import type { Position } from '../../domain/position.ts'
import { conflict } from '../../process/service-error.ts'
import { toPosition } from './position-rows.ts'
import { lockPosition } from './trading.ts'

export interface LimitsOrder {
  readonly positionId: number
  readonly userId?: number | undefined
  /** Null removes it, absent leaves it. */
  readonly takeProfit?: number | null | undefined
  readonly stopLoss?: number | null | undefined
}

export async function changeLimits(
  transaction: Transaction,
  order: LimitsOrder,
): Promise<Position> {
  const { held } = await lockPosition(transaction, order)
  if (held.status === 'closed') {
    throw conflict('position_closed', `Position ${held.id} is already sold.`)
  }
  const takeProfit = order.takeProfit === undefined ? held.takeProfit : order.takeProfit
  const stopLoss = order.stopLoss === undefined ? held.stopLoss : order.stopLoss
  if (takeProfit !== null && stopLoss !== null && stopLoss >= takeProfit) {
    const got = `stop-loss ${stopLoss} and take-profit ${takeProfit}`
    throw conflict('limits_crossed', `The stop-loss must be below the take-profit, got ${got}.`)
  }
  const [row] = await transaction
    .update(positions)
    .set({ takeProfit, stopLoss })
    .where(eq(positions.id, held.id))
    .returning()
  return row === undefined ? held : toPosition(row)
}
