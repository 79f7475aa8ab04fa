/** What the checks share: the running stage, and hands to touch it with. */
import { z } from 'zod'
import { marketSchema } from '../domain/market.ts'
import { type Position, positionSchema } from '../domain/position.ts'
import { priceSchema } from '../domain/price.ts'
import { userSchema } from '../domain/user.ts'
import type { Stage } from '../launcher/stage.ts'
import { asService } from '../process/admin-token.ts'
import { type JsonAnswer, requestJson } from '../process/http-client.ts'

/** A process whose own cache can be looked into. */
export type Window = 'api' | 'bot' | 'products' | 'workers'

const outcomeSchema = z.object({
  value: z.unknown(),
  from: z.string(),
  why: z.string(),
  ageMs: z.number().optional(),
})
export type Seen = z.infer<typeof outcomeSchema>

const timeoutMs = 10_000

export class Scene {
  readonly stage: Stage

  constructor(stage: Stage) {
    this.stage = stage
  }

  get chatUrl(): string {
    const { telegram } = this.stage.urls
    if (telegram === undefined) throw new Error('the tour needs the local chat: unset the token')
    return telegram
  }

  /** What a process would serve of a family, and from where. */
  async look(at: Window, family: string, id: unknown, consistency = 'bounded'): Promise<Seen> {
    const query = new URLSearchParams({ id: JSON.stringify(id), consistency })
    const url = `${this.stage.urls[at]}/debug/read/${family}?${query}`
    return outcomeSchema.parse((await this.#asAdministrator(url, 'GET')).body)
  }

  async control(path: string, body?: object): Promise<unknown> {
    return (
      await this.#asAdministrator(`${this.stage.urls.upstream}/control/${path}`, 'POST', body)
    ).body
  }

  /** What the API has loaded before anybody asked. */
  async warming(): Promise<unknown> {
    return (await this.#asAdministrator(`${this.stage.urls.api}/debug/warming`, 'GET')).body
  }

  async markets(order: string, limit: number): Promise<z.infer<typeof marketSchema>[]> {
    const body = await this.get(`/markets?order=${order}&limit=${limit}`)
    return z.object({ markets: z.array(marketSchema) }).parse(body).markets
  }

  /** The price as the database has it, or undefined while there is none. */
  async priceInDatabase(marketId: string): Promise<z.infer<typeof priceSchema> | undefined> {
    const url = `${this.stage.urls.api}/prices/${encodeURIComponent(marketId)}`
    const answer = await requestJson(url, { headers: this.#fromDatabase }).catch(() => undefined)
    return answer && priceSchema.parse(answer.body)
  }

  async positionsInDatabase(userId: number): Promise<Position[]> {
    const url = `${this.stage.urls.api}/positions/user/${userId}`
    return positionsOf(await requestJson(url, { headers: this.#fromDatabase }))
  }

  async user(telegramId: number, name: string): Promise<z.infer<typeof userSchema>> {
    const body = { telegram_id: telegramId, name }
    return userSchema.parse((await this.post('/users', body)).body)
  }

  /** Buys through the API, past the bot; the answer is the acknowledgement. */
  async buy(userId: number, marketId: string, amount: number): Promise<Position> {
    const body = { user_id: userId, market_id: marketId, outcome: 'yes', amount }
    return positionSchema.parse((await this.post('/positions', body)).body)
  }

  post(path: string, body: object): Promise<JsonAnswer> {
    const url = `${this.stage.urls.api}${path}`
    return requestJson(url, { method: 'POST', body, headers: this.#headers, timeoutMs })
  }

  async get(path: string): Promise<unknown> {
    const url = `${this.stage.urls.api}${path}`
    return (await requestJson(url, { headers: this.#headers, timeoutMs })).body
  }

  /** As a service of the house, whose requests are not counted. */
  get #headers(): Readonly<Record<string, string>> {
    return asService(this.stage.adminToken)
  }

  /** Answered from the database, whatever the caches hold. */
  get #fromDatabase(): Readonly<Record<string, string>> {
    return { ...this.#headers, 'cache-control': 'no-cache' }
  }

  #asAdministrator(url: string, method: 'GET' | 'POST', body?: object): Promise<JsonAnswer> {
    const sent = method === 'POST' ? (body ?? {}) : undefined
    return requestJson(url, { method, headers: this.#headers, body: sent, timeoutMs })
  }
}

export function positionsOf(answer: JsonAnswer): Position[] {
  return z.object({ positions: z.array(positionSchema) }).parse(answer.body).positions
}
