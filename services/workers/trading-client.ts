/**
 * Trades through the API, as a user's own order would, so that its invalidation is the same. It
 * takes from nobody's quota: what was promised to a user is done, however much he asks himself.
 */
import { asService } from '../process/admin-token.ts'
import { HttpFault, requestJson } from '../process/http-client.ts'
import type { CopyOrder } from './repositories/copy-orders.ts'

export class TradingClient {
  readonly #apiUrl: string
  readonly #headers: Readonly<Record<string, string>>

  constructor(apiUrl: string, adminToken?: string | undefined) {
    this.#apiUrl = apiUrl
    this.#headers = asService(adminToken)
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
    await this.#post('/positions', body)
  }

  /** A position that is sold already stays so, which is what was wanted. */
  async sell(positionId: number): Promise<void> {
    try {
      await this.#post(`/positions/${positionId}/close`)
    } catch (error) {
      if (error instanceof HttpFault && error.code === 'position_closed') return
      throw error
    }
  }

  async #post(path: string, body?: object): Promise<void> {
    await requestJson(`${this.#apiUrl}${path}`, { method: 'POST', body, headers: this.#headers })
  }
}
