// What reaches the log of a service when something fails: never a token, never a parameter.
import { sql } from 'drizzle-orm'
import { Bot } from 'grammy'
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../test/servers/eventually.ts'
import { startPostgres } from '../../test/servers/postgres.ts'
import { openPolling } from '../bot/polling.ts'
import { openDatabase } from '../database/connection.ts'
import { Closing } from './closing.ts'
import { createHttpServer } from './http-server.ts'
import { openLogger } from './logger.ts'

function openLog() {
  const lines: string[] = []
  const log = openLogger('test', 'debug', { write: (line) => lines.push(line) })
  return { log, text: () => lines.join(''), last: () => JSON.parse(lines.at(-1) ?? 'null') }
}

test('a Bot API that does not answer is logged without the token of the bot', async () => {
  const { log, last, text } = openLog()
  const token = '4100:a-token-of-the-test'
  const client = { apiRoot: 'http://127.0.0.1:9', sensitiveLogs: true }
  const polling = openPolling(new Bot(token, { client }), log)
  await eventually('the failure is logged', () => text() !== '')
  await polling.close()
  expect(last().err.type).toBe('HttpError')
  expect(last().err.cause).toMatchObject({ code: 'ECONNREFUSED' })
  expect(text()).not.toContain('a-token-of-the-test')
})

test.each([
  ['a constraint', sql`insert into people values (${'Ada Lovelace'}, ${41})`, '23505'],
  ['a value of another type', sql`select ${'Ada Lovelace'}::integer`, '22P02'],
])('a statement that fails by %s is logged without its parameters', async (_, statement, code) => {
  const server = await startPostgres()
  const closing = new Closing()
  closing.add(() => server.stop())
  onTestFinished(() => closing.close())
  const { log, last, text } = openLog()
  const database = openDatabase({ databaseUrl: server.url, log, closing })
  await database.execute(sql`create table people (name text primary key, number integer)`)
  await database.execute(sql`insert into people values (${'Ada Lovelace'}, 1)`)
  const app = createHttpServer(log)
  closing.add(() => app.close())
  app.get('/fails', () => database.execute(statement))
  expect((await app.inject('/fails')).statusCode).toBe(500)
  const { err } = last()
  expect(err).toMatchObject({ type: 'DrizzleQueryError', cause: { type: 'DatabaseError', code } })
  expect(err.stack).toMatch(/^\s+at /)
  expect(text()).not.toContain('Ada')
})

test('what a message quotes of addresses and headers is cut', () => {
  const { log, text, last } = openLog()
  const address = 'postgres://me:geheim@host/db and /bot12:geheim/getMe and Bearer geheim'
  log.warn({ err: new Error(`no answer from ${address}`, { cause: 'geheim' }) }, 'failed')
  expect(last().err.message).toBe(
    'no answer from postgres://[cut]@host/db and /bot[cut]/getMe and bearer [cut]',
  )
  expect(text()).not.toContain('geheim')
})

test('errors that wrap each other without end are logged to a depth', () => {
  const { log, last } = openLog()
  const outer = new Error('outer')
  outer.cause = new Error('inner', { cause: outer })
  log.warn({ err: outer }, 'failed')
  expect(last().err).toMatchObject({ message: 'outer', cause: { message: 'inner' } })
})
