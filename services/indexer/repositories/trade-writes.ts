/**
 * Stores what a leader traded, together with the orders to copy it and the place in the provider's
 * list: one transaction, so that a trade is copied once or not stored at all.
 */
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../../database/connection.ts'
import { copiers, copyTrades, indexerPlaces, trades } from '../../database/schema.ts'
import type { Outcome } from '../../domain/price.ts'

export interface NewTrade {
  readonly seq: number
  readonly transactionHash: string
  readonly address: string
  readonly marketId: string
  readonly outcome: Outcome
  readonly side: 'buy' | 'sell'
  readonly size: number
  readonly price: number
  readonly tradedAt: string
}

export interface TradeBatch {
  readonly address: string
  /** Oldest first. */
  readonly trades: readonly NewTrade[]
  /** What is read next comes after this one. */
  readonly place: number
}

/** `undefined`: this address was never read. */
export async function placeOf(database: Queryable, address: string): Promise<number | undefined> {
  const [row] = await database
    .select()
    .from(indexerPlaces)
    .where(eq(indexerPlaces.address, address))
  return row?.seq
}

/** Returns how many trades were new; those stored before change nothing. */
export async function storeTrades(transaction: Transaction, batch: TradeBatch): Promise<number> {
  const { address, place } = batch
  const stored = await insertTrades(transaction, batch.trades)
  if (stored.length > 0) await queueCopies(transaction, stored)
  await transaction
    .insert(indexerPlaces)
    .values({ address, seq: place })
    .onConflictDoUpdate({
      target: indexerPlaces.address,
      set: { seq: sql`greatest(indexer_places.seq, excluded.seq)` },
    })
  return stored.length
}

async function insertTrades(
  transaction: Transaction,
  rows: readonly NewTrade[],
): Promise<number[]> {
  if (rows.length === 0) return []
  const values = rows.map((row) => ({ ...row, tradedAt: new Date(row.tradedAt) }))
  const stored = await transaction
    .insert(trades)
    .values(values)
    .onConflictDoNothing({ target: trades.seq })
    .returning({ id: trades.id })
  return stored.map((row) => row.id)
}

/** Copied is what was traded since the copier began; provider times are in whole seconds. */
async function queueCopies(transaction: Transaction, tradeIds: readonly number[]): Promise<void> {
  const isSince = sql`${trades.tradedAt} >= date_trunc('second', ${copiers.createdAt})`
  const due = await transaction
    .select({ tradeId: trades.id, seq: trades.seq, userId: copiers.userId, amount: copiers.amount })
    .from(trades)
    .innerJoin(copiers, and(eq(copiers.address, trades.address), isSince))
    .where(inArray(trades.id, [...tradeIds]))
    // Whoever ends a copying waits for this, and then refuses what was queued.
    .for('share', { of: copiers })
  const orders = due.map(({ tradeId, seq, userId, amount }) => {
    const idempotencyKey = `copy:${seq}:${userId}`
    return { idempotencyKey, tradeId, userId, amount, status: 'pending' as const }
  })
  if (orders.length > 0) await transaction.insert(copyTrades).values(orders).onConflictDoNothing()
}
