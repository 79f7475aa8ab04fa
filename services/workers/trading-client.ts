/** Trades through the API, as a user's own order would, so that its invalidation is the same. */
import { HttpFault, requestJson } from '../process/http-client.ts'
import type { CopyOrder } from './repositories/copy-orders.ts'

export class TradingClient {
  readonly #apiUrl: string

  constructor(apiUrl: string) {
    this.#apiUrl = apiUrl
  }

  /** The idempotency key makes a repeated call the same order. */
  async buy(order: CopyOrder): Promise<void> {
    const body = {
      user_id: order.userId,
      market_id: order.marketId,
      outcome: order.outcome,
      amount: order.amount,
      idempotency_key: order.idempotencyKey,
      copied_from: order.leader,
    }
    await requestJson(`${this.#apiUrl}/positions`, { method: 'POST', body })
  }

  /** A position that is sold already stays so, which is what was wanted. */
  async sell(positionId: number): Promise<void> {
    try {
      await requestJson(`${this.#apiUrl}/positions/${positionId}/close`, { method: 'POST' })
    } catch (error) {
      if (error instanceof HttpFault && error.code === 'position_closed') return
      throw error
    }
  }
}
