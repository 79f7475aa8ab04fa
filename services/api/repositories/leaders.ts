/** Watched wallets, their latest trades, and their ranking. */
import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../../database/connection.ts'
import {
  copiers,
  copyTrades,
  markets,
  trades,
  users,
  watchedAddresses,
} from '../../database/schema.ts'
import type { Leader, LeaderTrade, WatchedAddress } from '../../domain/leader.ts'
import { conflict, notFound } from '../../process/service-error.ts'

/** What there is of lists that would grow without end; readers take pages of it. */
const smartTradesMax = 200
const leadersMax = 100
/** Everybody who is watched is in one cached value, which the indexer keeps in memory. */
export const watchedMax = 1_000

export async function allWatchedAddresses(database: Queryable): Promise<WatchedAddress[]> {
  const { address, label } = watchedAddresses
  return database
    .select({ address, label, copiers: sql<number>`count(${copiers.userId})::integer` })
    .from(watchedAddresses)
    .leftJoin(copiers, eq(copiers.address, address))
    .groupBy(address, label, watchedAddresses.createdAt)
    .orderBy(watchedAddresses.createdAt, address)
}

export interface WatchOrder {
  readonly address: string
  readonly label: string
  /** A user who copies every trade of this wallet from now on, for so many US dollars each. */
  readonly copy?: { readonly userId: number; readonly amount: number } | undefined
}

export async function watchAddress(transaction: Transaction, order: WatchOrder): Promise<void> {
  const { address, label, copy } = order
  await demandRoom(transaction, address)
  const isNamed = label !== address
  const insert = transaction.insert(watchedAddresses).values({ address, label })
  await (isNamed
    ? insert.onConflictDoUpdate({ target: watchedAddresses.address, set: { label } })
    : insert.onConflictDoNothing())
  if (copy === undefined) return
  const [user] = await transaction.select().from(users).where(eq(users.id, copy.userId))
  if (user === undefined) throw notFound('user', copy.userId)
  await transaction
    .insert(copiers)
    .values({ address, ...copy })
    .onConflictDoUpdate({
      target: [copiers.address, copiers.userId],
      set: { amount: copy.amount },
    })
}

/** One at a time, so that two do not take the last place. */
async function demandRoom(transaction: Transaction, address: string): Promise<void> {
  await transaction.execute(sql`lock table watched_addresses in share row exclusive mode`)
  const { address: watched } = watchedAddresses
  const rows = await transaction.select({ watched }).from(watchedAddresses)
  if (rows.length < watchedMax || rows.some((row) => row.watched === address)) return
  throw conflict('too_many_addresses', `No more than ${watchedMax} wallets are watched.`)
}

/**
 * Ends the copying too, with what waits to be copied; trades that were seen stay. Throws 404 where
 * it was not watched.
 */
export async function forgetAddress(transaction: Transaction, address: string): Promise<void> {
  const gone = await transaction
    .delete(watchedAddresses)
    .where(eq(watchedAddresses.address, address))
    .returning()
  if (gone.length === 0) throw notFound('watched_address', address)
  await refuseWaiting(transaction, { address })
}

/**
 * What was copied so far stays, what waits is never copied. Throws 404 where the user did not copy
 * the wallet.
 */
export async function endCopying(
  transaction: Transaction,
  { address, userId }: { readonly address: string; readonly userId: number },
): Promise<void> {
  const gone = await transaction
    .delete(copiers)
    .where(and(eq(copiers.address, address), eq(copiers.userId, userId)))
    .returning()
  if (gone.length === 0) throw notFound('copier', `${userId} of ${address}`)
  await refuseWaiting(transaction, { address, userId })
}

/**
 * After the copiers are gone: the indexer holds them while it queues, so nothing joins the queue
 * later. A purchase holds its order until it has committed, so none follows either.
 */
async function refuseWaiting(
  transaction: Transaction,
  { address, userId }: { readonly address: string; readonly userId?: number },
): Promise<void> {
  const ofAddress = transaction
    .select({ id: trades.id })
    .from(trades)
    .where(eq(trades.address, address))
  await transaction
    .update(copyTrades)
    .set({ status: 'refused', note: 'the copying was ended' })
    .where(
      and(
        eq(copyTrades.status, 'pending'),
        inArray(copyTrades.tradeId, ofAddress),
        userId === undefined ? undefined : eq(copyTrades.userId, userId),
      ),
    )
}

export async function latestTrades(database: Queryable): Promise<LeaderTrade[]> {
  const { id, address, marketId, outcome, side, size, price, tradedAt } = trades
  const { label } = watchedAddresses
  const { question } = markets
  const rows = await database
    .select({ id, address, label, marketId, question, outcome, side, size, price, tradedAt })
    .from(trades)
    .innerJoin(watchedAddresses, eq(watchedAddresses.address, address))
    .innerJoin(markets, eq(markets.id, marketId))
    .orderBy(desc(trades.seq))
    .limit(smartTradesMax)
  return rows.map((row) => ({ ...row, tradedAt: row.tradedAt.toISOString() }))
}

interface LeaderRow extends Record<string, unknown> {
  address: string
  label: string
  trades: number
  volume: number
  profit: number
}

/** Shares that are still held count at what they would bring now. */
export async function rankedLeaders(database: Queryable): Promise<Leader[]> {
  const { rows } = await database.execute<LeaderRow>(sql`
    with held as (
      select address, market_id, outcome, count(*) as trades, sum(size * price) as volume,
        sum(case side when 'buy' then -size * price else size * price end) as cash,
        greatest(sum(case side when 'buy' then size else -size end), 0) as shares
      from trades group by address, market_id, outcome
    )
    select watched.address, watched.label, sum(held.trades)::integer as trades,
      sum(held.volume)::float8 as volume,
      sum(held.cash + held.shares * coalesce(
        case held.outcome when 'yes' then prices.bid else 1 - prices.ask end, 0))::float8 as profit
    from held
    join watched_addresses watched on watched.address = held.address
    left join prices on prices.market_id = held.market_id
    group by watched.address, watched.label
    order by profit desc, watched.address
    limit ${leadersMax}`)
  return rows.map((row, index) => ({ rank: index + 1, ...row }))
}
