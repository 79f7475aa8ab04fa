/**
 * The queue of leaders' trades to be copied. The indexer adds to it in the transaction that stores
 * the trade; here orders are claimed for a while, so that a listener that dies loses none. Each
 * claim has a number, the attempt: whoever comes back from a long pause finds a higher one, and
 * does and writes nothing more.
 */
import { and, eq, lt, type SQL, sql } from 'drizzle-orm'
import type { Database } from '../../database/connection.ts'
import { copyTrades, positions } from '../../database/schema.ts'
import type { Outcome } from '../../domain/price.ts'

export interface CopyOrder {
  readonly idempotencyKey: string
  /** Later trades have higher ones. */
  readonly tradeId: number
  readonly userId: number
  readonly amount: number
  /** This attempt included; the number of the claim. */
  readonly attempts: number
  readonly leader: string
  readonly marketId: string
  readonly outcome: Outcome
  readonly side: 'buy' | 'sell'
}

interface ClaimedRow extends Record<string, unknown> {
  idempotency_key: string
  trade_id: number
  user_id: number
  amount: string
  attempts: number
  address: string
  market_id: string
  outcome: Outcome
  side: 'buy' | 'sell'
}

const claimSeconds = 30
const claimedMax = 20
const claimEnd = sql`now() + make_interval(secs => ${claimSeconds})`

/** The oldest order of each user that is due; later ones of the same user wait for it. */
export async function claimCopyOrders(database: Database): Promise<CopyOrder[]> {
  const { rows } = await database.execute<ClaimedRow>(sql`
    with due as (
      select idempotency_key from copy_trades due
      where status = 'pending' and retry_at <= now() and not exists (
        select from copy_trades earlier
        where earlier.user_id = due.user_id and earlier.status = 'pending'
          and earlier.trade_id < due.trade_id)
      order by trade_id limit ${claimedMax} for update skip locked
    )
    update copy_trades claimed
    set attempts = attempts + 1, retry_at = ${claimEnd}
    from due, trades
    where claimed.idempotency_key = due.idempotency_key and trades.id = claimed.trade_id
    returning claimed.idempotency_key, claimed.trade_id, claimed.user_id, claimed.amount,
      claimed.attempts, trades.address, trades.market_id, trades.outcome, trades.side`)
  return rows.map((row) => ({
    idempotencyKey: row.idempotency_key,
    tradeId: row.trade_id,
    userId: row.user_id,
    amount: Number(row.amount),
    attempts: row.attempts,
    leader: row.address,
    marketId: row.market_id,
    outcome: row.outcome,
    side: row.side,
  }))
}

/** Is it still ours? Then for as long again; else somebody else has it, or it has ended. */
export async function keepClaim(database: Database, order: CopyOrder): Promise<boolean> {
  const kept = await database
    .update(copyTrades)
    .set({ retryAt: claimEnd })
    .where(isClaimed(order))
    .returning({ idempotencyKey: copyTrades.idempotencyKey })
  return kept.length > 0
}

function isClaimed({ idempotencyKey, attempts }: CopyOrder): SQL | undefined {
  return and(
    eq(copyTrades.idempotencyKey, idempotencyKey),
    eq(copyTrades.status, 'pending'),
    eq(copyTrades.attempts, attempts),
  )
}

/** Writes nothing once the claim is lost. */
export async function endCopyOrder(
  database: Database,
  order: CopyOrder,
  end: { readonly status: 'done' | 'refused' | 'failed'; readonly note: string },
): Promise<void> {
  await database.update(copyTrades).set(end).where(isClaimed(order))
}

/** Writes nothing once the claim is lost. */
export async function retryCopyOrder(
  database: Database,
  order: CopyOrder,
  again: { readonly afterMs: number; readonly note: string },
): Promise<void> {
  const retryAt = sql`now() + make_interval(secs => ${again.afterMs / 1_000})`
  await database.update(copyTrades).set({ retryAt, note: again.note }).where(isClaimed(order))
}

/** What a sale of the leader sells for a copier: what was copied from its earlier trades. */
export async function copiedPositionIds(database: Database, order: CopyOrder): Promise<number[]> {
  const rows = await database
    .select({ id: positions.id })
    .from(positions)
    .innerJoin(copyTrades, eq(copyTrades.idempotencyKey, positions.idempotencyKey))
    .where(
      and(
        eq(positions.userId, order.userId),
        eq(positions.marketId, order.marketId),
        eq(positions.outcome, order.outcome),
        eq(positions.copiedFrom, order.leader),
        eq(copyTrades.userId, order.userId),
        lt(copyTrades.tradeId, order.tradeId),
        eq(positions.status, 'open'),
      ),
    )
    .orderBy(positions.id)
  return rows.map((row) => row.id)
}
