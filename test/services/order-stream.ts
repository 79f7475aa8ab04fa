/**
 * A user who buys one order after the other, each for a dollar and under a key of its own, and
 * repeats each until it is accepted, as a client does whose connection broke.
 */

import { setTimeout as wait } from 'node:timers/promises'
import { HttpFault, requestJson } from '../../services/process/http-client.ts'

export interface OrderStreamOptions {
  readonly apiUrl: string
  readonly headers: Readonly<Record<string, string>>
  readonly userId: number
  readonly marketId: string
}

const betweenOrdersMs = 50
const againMs = 50
const ordersMax = 900

export class OrderStream {
  readonly #options: OrderStreamOptions
  readonly #accepted: string[] = []
  readonly #trading: Promise<void>
  #isOver = false

  constructor(options: OrderStreamOptions) {
    this.#options = options
    this.#trading = this.#trade()
  }

  /** The keys of the orders that were accepted; none is under way any more. */
  async stop(): Promise<readonly string[]> {
    this.#isOver = true
    await this.#trading
    return this.#accepted
  }

  async #trade(): Promise<void> {
    for (let count = 0; count < ordersMax && !this.#isOver; count += 1) {
      const key = `order:${this.#options.userId}:${count}`
      while (!(await this.#isAccepted(key))) await wait(againMs)
      this.#accepted.push(key)
      await wait(betweenOrdersMs)
    }
  }

  async #isAccepted(key: string): Promise<boolean> {
    const { apiUrl, headers, userId, marketId } = this.#options
    const order = { user_id: userId, market_id: marketId, outcome: 'yes', amount: 1 }
    const body = { ...order, idempotency_key: key }
    try {
      await requestJson(`${apiUrl}/positions`, { method: 'POST', body, headers })
      return true
    } catch (error) {
      // No answer, or a fault of the API: nobody knows whether it was bought.
      if (error instanceof HttpFault && (error.status === 0 || error.status >= 500)) return false
      throw error
    }
  }
}
