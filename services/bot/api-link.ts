/**
 * The bot's requests to the API on behalf of its traders: each counts for its trader here as it
 * does there, and what a write answers is remembered as the receipt of that trader.
 */
import type { RateLimiter } from 'staleproof'
import type { PolycoolCache } from '../domain/writes.ts'
import { asService } from '../process/admin-token.ts'
import { HttpFault, type JsonRequest, requestJson } from '../process/http-client.ts'
import { afterHeader, endUserHeader } from '../process/request-headers.ts'
import type { Receipts, Subject } from './receipts.ts'

export interface ApiLinkOptions {
  readonly apiUrl: string
  readonly cache: PolycoolCache
  readonly receipts: Receipts
  /** Shows the API that the bot is a service, which asks for its users. */
  readonly adminToken?: string | undefined
  /** Of one trader, as many as the API allows; 0, the default, is no limit. */
  readonly userRequestsPerMinute?: number
}

export interface WriteOrder {
  readonly method?: 'POST' | 'PATCH' | 'DELETE'
  readonly body?: object
  /** What the write changes, and its receipt therefore proves. */
  readonly subjects: readonly Subject[]
}

export class ApiLink {
  readonly #options: ApiLinkOptions
  /** What the cache answers is not counted. Undefined: there is no limit. */
  readonly #requests: RateLimiter | undefined

  constructor(options: ApiLinkOptions) {
    this.#options = options
    const { cache, userRequestsPerMinute: rate = 0 } = options
    this.#requests = rate === 0 ? undefined : cache.limiter('bot-requests', { rate, per: '1m' })
  }

  async read(telegramId: number, path: string): Promise<unknown> {
    return (await this.#ask(telegramId, path, {})).body
  }

  async write(telegramId: number, path: string, order: WriteOrder): Promise<unknown> {
    const { method = 'POST', body, subjects } = order
    const answer = await this.#ask(telegramId, path, { method, body })
    const token = answer.headers.get(afterHeader) ?? undefined
    this.#options.receipts.remember(telegramId, token, subjects)
    return answer.body
  }

  async #ask(telegramId: number, path: string, request: JsonRequest) {
    await this.#takeTurn(telegramId)
    const { apiUrl, adminToken } = this.#options
    const headers = { ...asService(adminToken), [endUserHeader]: String(telegramId) }
    return requestJson(`${apiUrl}${path}`, { ...request, headers })
  }

  /** Throws what the API would answer, without asking it. */
  async #takeTurn(telegramId: number): Promise<void> {
    if (this.#requests === undefined) return
    const { granted, retryAfterMs } = await this.#requests.of(telegramId).tryTake()
    if (granted) return
    const message = `More than ${this.#options.userRequestsPerMinute} requests in a minute.`
    throw new HttpFault(429, { code: 'too_many_requests', message, retryAfterMs })
  }
}
