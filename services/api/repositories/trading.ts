/** Buying and selling: each call is part of one transaction that moves shares and money. */
import { eq } from 'drizzle-orm'
import type { Transaction } from '../../database/connection.ts'
import { copyTrades, positions, prices } from '../../database/schema.ts'
import type { Position } from '../../domain/position.ts'
import { buyPrice, type Outcome, type Price, round, sellPrice } from '../../domain/price.ts'
import type { User } from '../../domain/user.ts'
import { conflict, notFound } from '../../process/service-error.ts'
import { positionByIdempotencyKey, toPosition } from './position-rows.ts'
import { quotedMarket, toPrice } from './prices.ts'
import { writeUserStats } from './user-stats.ts'
import { lockUser, pay } from './users.ts'

export interface BuyOrder {
  readonly userId: number
  readonly marketId: string
  readonly outcome: Outcome
  /** US dollars to spend. */
  readonly amount: number
  /** The same key twice is one order. */
  readonly idempotencyKey?: string | undefined
  readonly copiedFrom?: string | undefined
}

export interface Trade {
  readonly position: Position
  readonly user: User
}

/** Buys at the price in the database, never at one that the caller names. */
export async function buy(transaction: Transaction, order: BuyOrder): Promise<Trade> {
  const user = await demandUser(transaction, order.userId)
  const { userId, idempotencyKey } = order
  if (idempotencyKey !== undefined) {
    const earlier = await positionByIdempotencyKey(transaction, { userId, idempotencyKey })
    if (earlier !== undefined) return { position: earlier, user }
    await demandNotEnded(transaction, idempotencyKey)
  }
  const quote = await offeredQuote(transaction, order)
  if (user.balance < order.amount) throw tooPoor(user, order.amount)
  const payer = await pay(transaction, { userId, amount: -order.amount })
  const position = await insertPosition(transaction, order, quote)
  await writeUserStats(transaction, [user.id])
  return { position, user: payer }
}

export interface SellOrder {
  readonly positionId: number
  /** Where given, only this user's position is sold. */
  readonly userId?: number | undefined
}

/** Sells all shares of a position at the price in the database. */
export async function sell(transaction: Transaction, order: SellOrder): Promise<Trade> {
  const { held, quote } = await lockPosition(transaction, order)
  if (held.status === 'closed') {
    throw conflict('position_closed', `Position ${held.id} is already sold.`)
  }
  const price = quote === undefined ? 0 : sellPrice(quote, held.outcome)
  if (price <= 0) throw conflict('no_price', 'Nobody buys these shares at the moment.')
  const amount = round(price * held.size)
  const payee = await pay(transaction, { userId: held.userId, amount })
  const [row] = await transaction
    .update(positions)
    .set({ status: 'closed', exitPrice: price, currentPrice: price, closedAt: new Date() })
    .where(eq(positions.id, held.id))
    .returning()
  await writeUserStats(transaction, [payee.id])
  return { position: row === undefined ? held : toPosition(row), user: payee }
}

export interface LockedPosition {
  readonly held: Position
  /** Of its market, if it has a price. */
  readonly quote: Price | undefined
}

/**
 * Locks the row until the transaction ends; another user's position does not exist for you. The
 * price is read after that: whoever had to wait for the row would else have one of before.
 */
export async function lockPosition(
  transaction: Transaction,
  { positionId, userId }: SellOrder,
): Promise<LockedPosition> {
  const [held] = await transaction
    .select()
    .from(positions)
    .where(eq(positions.id, positionId))
    .for('update')
  const isOthers = userId !== undefined && held?.userId !== userId
  if (held === undefined || isOthers) throw notFound('position', positionId)
  const [quote] = await transaction.select().from(prices).where(eq(prices.marketId, held.marketId))
  return { held: toPosition(held), quote: quote === undefined ? undefined : toPrice(quote) }
}

async function demandUser(transaction: Transaction, userId: number): Promise<User> {
  const user = await lockUser(transaction, userId)
  if (user === undefined) throw notFound('user', userId)
  return user
}

/** The order of a copied trade is held until the purchase has committed: see `endCopying`. */
async function demandNotEnded(transaction: Transaction, idempotencyKey: string): Promise<void> {
  const [order] = await transaction
    .select({ status: copyTrades.status })
    .from(copyTrades)
    .where(eq(copyTrades.idempotencyKey, idempotencyKey))
    .for('share')
  if (order === undefined || order.status === 'pending') return
  throw conflict('copying_ended', 'This trade is not to be copied any more.')
}

async function offeredQuote(transaction: Transaction, order: BuyOrder): Promise<Price> {
  const { isActive, quote } = await quotedMarket(transaction, order.marketId)
  if (!isActive) throw conflict('market_closed', 'This market is closed.')
  const price = quote === undefined ? 1 : buyPrice(quote, order.outcome)
  if (quote === undefined || price >= 1 || price <= 0) {
    throw conflict('no_price', 'Nobody sells these shares at the moment.')
  }
  return quote
}

function tooPoor(user: User, amount: number) {
  const message = `You have $${user.balance.toFixed(2)}, this costs $${amount.toFixed(2)}.`
  return conflict('balance_too_low', message)
}

async function insertPosition(
  transaction: Transaction,
  order: BuyOrder,
  quote: Price,
): Promise<Position> {
  const { userId, marketId, outcome, idempotencyKey, copiedFrom } = order
  const entryPrice = buyPrice(quote, outcome)
  const size = round(order.amount / entryPrice)
  const paid = { size, entryPrice, currentPrice: sellPrice(quote, outcome) }
  const [row] = await transaction
    .insert(positions)
    .values({ userId, marketId, outcome, ...paid, idempotencyKey, copiedFrom })
    .returning()
  if (row === undefined) throw new Error(`the position of user ${userId} was not inserted`)
  return toPosition(row)
}
