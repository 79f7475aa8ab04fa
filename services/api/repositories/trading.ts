/** Buying and selling: each call is part of one transaction that moves shares and money. */
import { eq } from 'drizzle-orm'
import type { Transaction } from '../../database/connection.ts'
import { positions } from '../../database/schema.ts'
import type { Position } from '../../domain/position.ts'
import { buyPrice, type Outcome, type Price, round, sellPrice } from '../../domain/price.ts'
import type { User } from '../../domain/user.ts'
import { conflict, notFound } from '../../process/service-error.ts'
import { marketById } from './markets.ts'
import { positionByIdempotencyKey, toPosition } from './position-rows.ts'
import { priceById } from './prices.ts'
import { writeUserStats } from './user-stats.ts'
import { lockUser, setBalance } from './users.ts'

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
  }
  const quote = await offeredQuote(transaction, order)
  if (user.balance < order.amount) throw tooPoor(user, order.amount)
  const balance = round(user.balance - order.amount)
  const payer = await setBalance(transaction, { id: user.id, balance })
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
  const held = await lockPosition(transaction, order)
  if (held.status === 'closed') {
    throw conflict('position_closed', `Position ${held.id} is already sold.`)
  }
  const quote = await priceById(transaction, held.marketId)
  const price = quote === undefined ? 0 : sellPrice(quote, held.outcome)
  if (price <= 0) throw conflict('no_price', 'Nobody buys these shares at the moment.')
  const user = await demandUser(transaction, held.userId)
  const balance = round(user.balance + price * held.size)
  const payee = await setBalance(transaction, { id: user.id, balance })
  const [row] = await transaction
    .update(positions)
    .set({ status: 'closed', exitPrice: price, currentPrice: price, closedAt: new Date() })
    .where(eq(positions.id, held.id))
    .returning()
  await writeUserStats(transaction, [user.id])
  return { position: row === undefined ? held : toPosition(row), user: payee }
}

/** Locks the row until the transaction ends; another user's position does not exist for you. */
export async function lockPosition(
  transaction: Transaction,
  { positionId, userId }: SellOrder,
): Promise<Position> {
  const [row] = await transaction
    .select()
    .from(positions)
    .where(eq(positions.id, positionId))
    .for('update')
  const isOthers = userId !== undefined && row?.userId !== userId
  if (row === undefined || isOthers) throw notFound('position', positionId)
  return toPosition(row)
}

async function demandUser(transaction: Transaction, userId: number): Promise<User> {
  const user = await lockUser(transaction, userId)
  if (user === undefined) throw notFound('user', userId)
  return user
}

async function offeredQuote(transaction: Transaction, order: BuyOrder): Promise<Price> {
  const market = await marketById(transaction, order.marketId)
  if (market === undefined) throw notFound('market', order.marketId)
  if (!market.isActive) throw conflict('market_closed', 'This market is closed.')
  const quote = await priceById(transaction, order.marketId)
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
