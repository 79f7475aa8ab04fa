/**
 * For tests: one request after the other to every route of the API, and some that are refused.
 * A new route gets its line here.
 */
import type { ApiStage } from './api-stage.ts'

export interface ExampleAnswer {
  /** As `GET /markets/{marketId}`. */
  readonly name: string
  readonly status: string
  /** `undefined` where the answer has none. */
  readonly body: unknown
}

type Ask = (name: string, ids?: Readonly<Record<string, unknown>>, body?: object) => Promise<Answer>
type Answer = ExampleAnswer & { readonly id: number }

const leader = `0x${'ab'.repeat(20)}`

export async function* exampleRequests(stage: ApiStage): AsyncGenerator<ExampleAnswer> {
  const { id: userId, telegramId } = await stage.newUser()
  const ask: Ask = (name, ids = {}, body) => answerTo(stage.api.url, { name, ids, body })

  yield* await Promise.all(readable(ask, { userId, telegramId }))
  const user = { user_id: userId }
  const order = { ...user, market_id: '11', outcome: 'yes', amount: 5 }
  const bought = await ask('POST /positions', {}, { ...order, idempotency_key: 'once' })
  yield bought
  const position = { positionId: bought.id }
  yield ask('PATCH /positions/{positionId}', position, { take_profit: 0.9 })
  yield ask('PATCH /positions/{positionId}', position, { take_profit: 0.1, stop_loss: 0.2 })
  yield ask('PATCH /positions/{positionId}', position, {})
  yield ask('POST /positions/sync', {}, user)
  yield ask('GET /positions/user/{userId}', { userId })
  yield ask('GET /positions/{positionId}', position)
  yield ask('POST /positions/{positionId}/close', position, user)
  yield ask('POST /positions/{positionId}/close', position, user)
  yield ask('GET /positions/{positionId}', position)
  yield ask('POST /positions', {}, { ...order, market_id: 'none' })
  yield ask('POST /positions', {}, { ...order, amount: -1 })
  yield* watching(ask, userId)
}

function readable(ask: Ask, { userId, telegramId }: { userId: number; telegramId: number }) {
  const batch = { market_ids: ['12', 'none', '11'] }
  return [
    ask('POST /users', {}, { telegram_id: telegramId, name: 'Bob' }),
    ask('GET /users/{telegramId}', { telegramId }),
    ask('GET /users/{telegramId}', { telegramId: 1 }),
    ask('GET /users/{telegramId}', { telegramId: 'x' }),
    ask('GET /users/{telegramId}/stats', { telegramId }),
    ask('GET /users/{telegramId}/stats', { telegramId: 1 }),
    ask('GET /markets/search?q=happen'),
    ask('GET /markets/search?q='),
    ask('GET /markets'),
    ask('GET /markets?limit=0'),
    ask('GET /markets/active'),
    ask('GET /groups'),
    ask('GET /groups/{groupId}', { groupId: 'g1' }),
    ask('GET /groups/{groupId}', { groupId: 'none' }),
    ask('GET /markets/{marketId}', { marketId: '11' }),
    ask('GET /markets/{marketId}', { marketId: 'none' }),
    ask('GET /markets/by-condition/{conditionId}', { conditionId: `0x${'11'.padStart(64, '0')}` }),
    ask('GET /markets/by-condition/{conditionId}', { conditionId: 'none' }),
    ask('POST /markets/batch', {}, batch),
    ask('GET /prices/{marketId}', { marketId: '11' }),
    ask('GET /prices/{marketId}', { marketId: 'none' }),
    ask('POST /prices/batch', {}, batch),
    ask('POST /prices/tokens', {}, { token_ids: ['111', 'none', '122'] }),
    ask('GET /positions/user/{userId}', { userId }),
    ask('GET /positions/{positionId}', { positionId: 2 ** 31 - 1 }),
  ]
}

async function* watching(ask: Ask, userId: number): AsyncGenerator<ExampleAnswer> {
  const copy = { user_id: userId, amount: 5 }
  yield ask('POST /watched-addresses', {}, { address: leader, label: 'Whale', copy })
  yield ask('POST /watched-addresses', {}, { address: '0x12' })
  yield ask('GET /watched-addresses')
  yield ask('GET /leaderboard')
  yield ask('GET /smart-trades')
  const copier = { address: leader, userId }
  yield ask('DELETE /watched-addresses/{address}/copiers/{userId}', copier)
  yield ask('DELETE /watched-addresses/{address}/copiers/{userId}', copier)
  yield ask('DELETE /watched-addresses/{address}', { address: leader })
  yield ask('DELETE /watched-addresses/{address}', { address: leader })
}

interface Question {
  readonly name: string
  readonly ids: Readonly<Record<string, unknown>>
  readonly body: object | undefined
}

async function answerTo(apiUrl: string, { name, ids, body }: Question): Promise<Answer> {
  const [method = '', template = ''] = name.split(' ')
  const path = template.replaceAll(/\{(\w+)\}/g, (_, id) => encodeURIComponent(String(ids[id])))
  const response = await fetch(`${apiUrl}${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  const text = await response.text()
  const parsed = text === '' ? undefined : JSON.parse(text)
  const id = Number(parsed?.id ?? 0)
  return { name: name.replace(/\?.*/, ''), status: String(response.status), body: parsed, id }
}
