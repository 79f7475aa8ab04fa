/** Writes to `/positions`: buy, limits, sell, synchronise. */
import { z } from 'zod'
import { walletSchema } from '../../domain/leader.ts'
import { positionSchema } from '../../domain/position.ts'
import { outcomeSchema } from '../../domain/price.ts'
import {
  positionClosed,
  positionCreated,
  positionLimitsChanged,
  positionsSynced,
} from '../../domain/writes.ts'
import { commitWrite } from '../../process/commit-write.ts'
import type { TypedServer } from '../../process/http-server.ts'
import { afterHeader } from '../../process/request-headers.ts'
import { wellFormed } from '../../process/well-formed.ts'
import { absentRefusals, answer, orderRefusals } from '../http/answers.ts'
import { bodyId, dollars, marketId, numericId, sharePrice } from '../http/ids.ts'
import { changeLimits } from '../repositories/position-limits.ts'
import { syncPositionPrices } from '../repositories/position-prices.ts'
import { buy, sell, type Trade } from '../repositories/trading.ts'
import type { ApiServices } from '../services.ts'

const positionPath = z.object({ positionId: numericId })
const purchase = z.object({
  user_id: bodyId,
  market_id: marketId,
  outcome: outcomeSchema,
  amount: dollars,
  idempotency_key: wellFormed.min(1).max(200).optional(),
  copied_from: walletSchema.optional(),
})
const limits = z
  .object({
    user_id: bodyId.optional(),
    take_profit: sharePrice.nullable().optional(),
    stop_loss: sharePrice.nullable().optional(),
  })
  .refine((body) => body.take_profit !== undefined || body.stop_loss !== undefined, {
    message: 'expected take_profit or stop_loss, got neither',
  })
const sale = z.object({ user_id: bodyId.optional() }).nullish()
const synchronisation = z.object({ user_id: bodyId })
const updated = z.object({ updated: z.number().int() })

export function addTradingRoutes(app: TypedServer, services: ApiServices): void {
  addPurchase(app, services)
  addLimits(app, services)
  addSale(app, services)
  addSynchronisation(app, services)
}

function addPurchase(app: TypedServer, services: ApiServices): void {
  const schema = {
    summary:
      'Buys shares at the price in the database; an idempotency key makes a repetition harmless.',
    body: purchase,
    response: { 201: answer('The position.', positionSchema), ...orderRefusals },
  }
  app.post('/positions', { schema }, async (request, reply) => {
    const { body } = request
    const order = {
      userId: body.user_id,
      marketId: body.market_id,
      outcome: body.outcome,
      amount: body.amount,
      idempotencyKey: body.idempotency_key,
      copiedFrom: body.copied_from,
    }
    // A repeated order is announced again: the first announcement may not have got through.
    const { result, token } = await commitWrite(services, positionCreated, async (transaction) =>
      committedTrade(await buy(transaction, order)),
    )
    if (token !== undefined) reply.header(afterHeader, token)
    return reply.code(201).send(result)
  })
}

function addLimits(app: TypedServer, services: ApiServices): void {
  const schema = {
    summary: 'Sets take-profit and stop-loss; null removes one, absent leaves it.',
    params: positionPath,
    body: limits,
    response: { 200: answer('The position.', positionSchema), ...orderRefusals },
  }
  app.patch('/positions/:positionId', { schema }, async (request, reply) => {
    const { user_id: userId, take_profit: takeProfit, stop_loss: stopLoss } = request.body
    const order = { positionId: request.params.positionId, userId, takeProfit, stopLoss }
    const { result, token } = await commitWrite(
      services,
      positionLimitsChanged,
      async (transaction) => {
        const position = await changeLimits(transaction, order)
        const change = { userId: position.userId, positionId: position.id }
        return { result: position, change, subject: `user:${position.userId}` }
      },
    )
    if (token !== undefined) reply.header(afterHeader, token)
    return result
  })
}

function addSale(app: TypedServer, services: ApiServices): void {
  const schema = {
    summary: 'Sells all shares of a position at the price in the database.',
    params: positionPath,
    body: sale,
    response: { 200: answer('The position, closed.', positionSchema), ...orderRefusals },
  }
  app.post('/positions/:positionId/close', { schema }, async (request, reply) => {
    const order = { positionId: request.params.positionId, userId: request.body?.user_id }
    const { result, token } = await commitWrite(services, positionClosed, async (transaction) =>
      committedTrade(await sell(transaction, order)),
    )
    if (token !== undefined) reply.header(afterHeader, token)
    return result
  })
}

function addSynchronisation(app: TypedServer, services: ApiServices): void {
  const schema = {
    summary: "Brings a user's open positions in line with the prices now.",
    body: synchronisation,
    response: { 200: answer('How many changed.', updated), ...absentRefusals },
  }
  app.post('/positions/sync', { schema }, async (request, reply) => {
    const { user_id: userId } = request.body
    const { result, token } = await commitWrite(services, positionsSynced, async (transaction) => {
      const changes = await syncPositionPrices(transaction, userId)
      return { result: { updated: changes.length }, change: changes, subject: `user:${userId}` }
    })
    if (token !== undefined) reply.header(afterHeader, token)
    return result
  })
}

function committedTrade({ position, user }: Trade) {
  const { id: positionId, marketId } = position
  const { id: userId, telegramId } = user
  const change = { userId, positionId, marketId, telegramId, profile: user }
  return { result: position, change, subject: `user:${userId}` }
}
