import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPostgres } from '../../test/servers/postgres.ts'
import { describeWithRedis, startRedis } from '../../test/servers/redis.ts'
import { asService } from '../process/admin-token.ts'
import { Closing } from '../process/closing.ts'
import { openApi } from './server.ts'
import { openApiStage } from './testing/api-stage.ts'

const adminToken = 'token-of-the-test'
const service = asService(adminToken)
/** So few that none of them comes back while a test runs. */
const few = 3

/** Asks so many times at once; how many were answered, and what the refused were told. */
async function ask(url: string, count: number, headers: Readonly<Record<string, string>> = {}) {
  const answers = await Promise.all(
    Array.from({ length: count }, () => fetch(`${url}/leaderboard`, { headers })),
  )
  const refused = answers.filter((answer) => answer.status === 429)
  const answered = answers.filter((answer) => answer.status === 200).length
  const waits = refused.map((answer) => Number(answer.headers.get('retry-after')))
  const codes = await Promise.all(
    refused.map(async (answer) => ((await answer.json()) as { error: string }).error),
  )
  return { answered, refused: refused.length, waits, codes: new Set(codes) }
}

/** Tokens that came back since; with a clock that stands still, none. */
const tokensSince = (startedMs: number, perMinute: number) =>
  Math.floor(((performance.now() - startedMs) * perMinute) / 60_000)

const user = (name: string) => ({ ...service, 'x-end-user': name })

describe('an end user', () => {
  const closing = new Closing()
  let url: string

  beforeAll(async () => {
    url = await openUrl(few)
  })
  afterAll(() => closing.close())

  async function openUrl(userRequestsPerMinute: number): Promise<string> {
    const options = { adminToken, userRequestsPerMinute }
    const stage = await openApiStage(await startPostgres(), options)
    closing.add(() => stage.close())
    return stage.api.url
  }

  test('has a hundred requests a minute, and is told when to come again', async () => {
    const url = await openUrl(100)
    const startedMs = performance.now()
    const asked = await ask(url, 150, user('7001'))
    expect(asked.answered).toBeGreaterThanOrEqual(100)
    expect(asked.answered).toBeLessThanOrEqual(100 + tokensSince(startedMs, 100))
    expect(asked.refused).toBeGreaterThan(0)
    expect(asked.codes).toEqual(new Set(['too_many_requests']))
    expect(Math.min(...asked.waits)).toBeGreaterThanOrEqual(1)
  })

  test('takes nothing from another one', async () => {
    expect(await ask(url, 5, user('7002'))).toMatchObject({ answered: few, refused: 2 })
    expect(await ask(url, few, user('7003'))).toMatchObject({ answered: few, refused: 0 })
  })

  test('without a service is counted by address, whatever he says of himself', async () => {
    const ours = await openUrl(few)
    const one = await ask(ours, 2, { 'x-end-user': '1' })
    const two = await ask(ours, 2, { 'x-end-user': '2' })
    expect([one.answered, two.answered]).toEqual([2, 1])
  })

  test('is refused readably where his name is none', async () => {
    const answer = await fetch(`${url}/leaderboard`, { headers: user('a b') })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: 'invalid_request' })
  })

  test('is not who asks for health, nor a service that asks for itself', async () => {
    const startedMs = performance.now()
    await ask(url, few)
    expect(await ask(url, 150, service)).toMatchObject({ answered: 150, refused: 0 })
    expect((await fetch(`${url}/health`)).status).toBe(200)
    const { answered } = await ask(url, few)
    expect(answered).toBeLessThanOrEqual(tokensSince(startedMs, few))
  })

  test('may ask without end where the limit is 0', async () => {
    expect(await ask(await openUrl(0), 150)).toMatchObject({ answered: 150, refused: 0 })
  })
})

describeWithRedis('a quota of two processes', () => {
  const closing = new Closing()
  afterAll(() => closing.close())

  test('is one, whichever of them is asked', async () => {
    const redis = await startRedis()
    closing.add(() => redis.stop())
    const options = { adminToken, userRequestsPerMinute: few, redisUrl: redis.url }
    const stage = await openApiStage(await startPostgres(), options)
    closing.add(() => stage.close())
    const second = await openApi({ ...options, databaseUrl: stage.databaseUrl })
    closing.add(() => second.close())
    expect(await ask(stage.api.url, 2, user('7001'))).toMatchObject({ answered: 2 })
    expect(await ask(second.url, 2, user('7001'))).toMatchObject({ answered: 1, refused: 1 })
  })
})
