/**
 * The bot's requests to the API on behalf of its traders: each counts for its trader here as it
 * does there, and what a write answers is remembered as the receipt of that trader.
 */
import type { RateLimiter } from 'staleproof'
import type { PolycoolCache } from '../domain/writes.ts'
import { asService } from '../process/admin-token.ts'
import { HttpFault, type JsonRequest, requestJson } from '../process/http-client.ts'
import type { Receipts, Subject } from './receipts.ts'

export interface ApiLinkOptions {
  readonly apiUrl: string
  readonly cache: PolycoolCache
  readonly receipts: Receipts
  /** Shows the API that the bot is a service, which asks for its users. */
  readonly adminToken?: string | undefined
}

export interface WriteOrder {
  readonly method?: 'POST' | 'PATCH' | 'DELETE'
  readonly body?: object
  /** What the write changes, and its receipt therefore proves. */
  readonly subjects: readonly Subject[]
}

/** Of one trader; the API allows no more. What the cache answers is not counted. */
const requestsPerMinute = 100
const afterHeader = 'x-staleproof-after'

export class ApiLink {
  readonly #options: ApiLinkOptions
  readonly #requests: RateLimiter

  constructor(options: ApiLinkOptions) {
    this.#options = options
    const rate = { rate: requestsPerMinute, per: '1m' } as const
    this.#requests = options.cache.limiter('bot-requests', rate)
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
    const headers = { ...asService(adminToken), 'x-end-user': String(telegramId) }
    return requestJson(`${apiUrl}${path}`, { ...request, headers })
  }

  /** Throws what the API would answer, without asking it. */
  async #takeTurn(telegramId: number): Promise<void> {
    const { granted, retryAfterMs } = await this.#requests.of(telegramId).tryTake()
    if (granted) return
    const message = `More than ${requestsPerMinute} requests in a minute.`
    throw new HttpFault(429, { code: 'too_many_requests', message, retryAfterMs })
  }
}
