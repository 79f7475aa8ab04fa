import { StaleproofError } from 'staleproof'
import { afterEach, expect, test } from 'vitest'
import { createHttpServer } from './http-server.ts'
import { silentLogger } from './logger.ts'
import { BusyError, conflict, notFound } from './service-error.ts'

let app: ReturnType<typeof createHttpServer>
afterEach(() => app.close())

async function answerTo(error: unknown) {
  app = createHttpServer(silentLogger())
  app.get('/fails', async () => {
    throw error
  })
  const { statusCode, headers, body } = await app.inject('/fails')
  const { error: code, message } = JSON.parse(body)
  return { status: statusCode, code, message, retryAfter: headers['retry-after'] }
}

const message = 'a sentence'
const busy = { status: 429, code: 'too_many_requests', message } as const

test.each([
  ['a wait of a moment', 1, '1'],
  ['a wait that is no whole number of seconds', 11_001, '12'],
])('%s is told in whole seconds, and never as none', async (_, retryAfterMs, retryAfter) => {
  expect(await answerTo(new BusyError({ ...busy, retryAfterMs }))).toEqual({ ...busy, retryAfter })
})

test('a source that has too much to do, or rests, is a refusal for now', async () => {
  const tooMuch = new StaleproofError('SP_SOURCE_BUSY', 'queue full', { family: 'market' })
  expect(await answerTo(tooMuch)).toMatchObject({ status: 503, code: 'too_busy', retryAfter: '1' })
  await app.close()
  const details = { family: 'market', retryAfterMs: 5_000 }
  const resting = new StaleproofError('SP_SOURCE_UNAVAILABLE', 'open', details)
  expect(await answerTo(resting)).toMatchObject({
    status: 503,
    code: 'unavailable',
    retryAfter: '5',
  })
})

const inside = (cause: unknown) => new Error('Failed query', { cause })
const refused = new BusyError({ status: 503, code: 'too_busy', message, retryAfterMs: 3_000 })
const withCode = (code: string) => Object.assign(new Error(message), { code })

test.each([
  ['a pool without room, wrapped twice', inside(inside(refused)), 'too_busy', '3'],
  [
    'a load that took too long',
    new StaleproofError('SP_LOAD_TIMEOUT', message),
    'unavailable',
    '1',
  ],
  [
    'sources that are all switched off',
    new StaleproofError('SP_SOURCE_UNAVAILABLE', message),
    'unavailable',
    '1',
  ],
  ['a database that is away', inside(withCode('ECONNREFUSED')), 'unavailable', '1'],
  ['one that ends its connections', inside(withCode('57P01')), 'unavailable', '1'],
  ['one that ends a statement', inside(withCode('57014')), 'unavailable', '1'],
  ['a lock that somebody has', inside(withCode('55P03')), 'unavailable', '1'],
  ['no answer in time', inside(new Error('Query read timeout')), 'unavailable', '1'],
])('%s is a refusal for now', async (_, error, code, retryAfter) => {
  expect(await answerTo(error)).toMatchObject({ status: 503, code, retryAfter })
})

test('a fault too deep inside others is one of ours', async () => {
  let error: Error = refused
  for (let depth = 0; depth < 5; depth += 1) error = inside(error)
  expect(await answerTo(error)).toMatchObject({ status: 500, code: 'internal_error' })
})

test.each([
  [inside(withCode('23505')), 500, 'internal_error'],
  [notFound('market', '7'), 404, 'market_not_found'],
  [conflict('no_price', message), 409, 'no_price'],
  [new StaleproofError('SP_TOKEN_INVALID', message), 400, 'invalid_request'],
  [new Error('a secret of ours'), 500, 'internal_error'],
])('%s has a code, and no time to come again', async (error, status, code) => {
  const answer = await answerTo(error)
  expect(answer).toMatchObject({ status, code, retryAfter: undefined })
  expect(answer.message).not.toContain('secret')
})
