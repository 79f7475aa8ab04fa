/** Executes the queue of copied trades, one order at a time, and says how each one ended. */
import type { Database } from '../database/connection.ts'
import { backoffMs } from '../process/backoff.ts'
import { HttpFault } from '../process/http-client.ts'
import type { ServiceLogger } from '../process/logger.ts'
import {
  type CopyOrder,
  claimCopyOrders,
  copiedPositionIds,
  endCopyOrder,
  keepClaim,
  retryCopyOrder,
} from './repositories/copy-orders.ts'
import type { TradingClient } from './trading-client.ts'

export interface CopyExecutorOptions {
  readonly database: Database
  readonly trading: TradingClient
  readonly log: ServiceLogger
}

const attemptsMax = 8
const retry = { firstMs: 500, maxMs: 60_000 }

/** Works until nothing is due, or until the signal fires. */
export async function executeDueCopies(
  options: CopyExecutorOptions,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const orders = await claimCopyOrders(options.database)
    for (const order of orders) {
      if (signal.aborted) return
      await execute(options, order)
    }
    if (orders.length === 0) return
  }
}

async function execute(options: CopyExecutorOptions, order: CopyOrder): Promise<void> {
  const { database, log } = options
  try {
    const note = await trade(options, order)
    if (note === undefined) return log.info(order, 'trade left to another listener, or ended')
    await endCopyOrder(database, order, { status: 'done', note })
    log.info({ ...order, note }, 'trade copied')
  } catch (error) {
    if (!(error instanceof HttpFault)) throw error
    await afterFault(options, order, error)
  }
}

/** `undefined`: the order is not ours any more. */
async function trade(
  { database, trading }: CopyExecutorOptions,
  order: CopyOrder,
): Promise<string | undefined> {
  if (!(await keepClaim(database, order))) return undefined
  if (order.side === 'buy') {
    await trading.buy(order)
    return 'bought'
  }
  const positionIds = await copiedPositionIds(database, order)
  for (const positionId of positionIds) {
    if (!(await keepClaim(database, order))) return undefined
    await trading.sell(positionId)
  }
  return `sold ${positionIds.length}`
}

/** A refusal is final: money or market are lacking. Else, or where it is one for now, again. */
async function afterFault(options: CopyExecutorOptions, order: CopyOrder, fault: HttpFault) {
  const { database, log } = options
  const note = `${fault.code}: ${fault.message}`
  log.warn({ ...order, note }, 'trade not copied')
  if (fault.status >= 400 && fault.status < 500 && fault.status !== 429) {
    return endCopyOrder(database, order, { status: 'refused', note })
  }
  if (order.attempts >= attemptsMax) {
    return endCopyOrder(database, order, { status: 'failed', note })
  }
  const afterMs = Math.max(fault.retryAfterMs ?? 0, backoffMs(retry, order.attempts))
  return retryCopyOrder(database, order, { afterMs, note })
}
