import pg from 'pg'
import { expect, it } from 'vitest'
import { startPostgres } from './postgres.ts'

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

it('gives each call an empty database of its own on one server', async () => {
  const [first, second] = await Promise.all([startPostgres(), startPostgres()])
  await query(first.url, 'create table here (id int)')
  const tables = "select 1 from pg_tables where tablename = 'here'"
  expect(await query(first.url, tables)).toHaveLength(1)
  expect(await query(second.url, tables)).toHaveLength(0)
  expect(new URL(first.url).port).toBe(new URL(second.url).port)
  await Promise.all([first.stop(), second.stop()])
})

it('writes the log that change capture reads', async () => {
  const database = await startPostgres()
  expect(await query(database.url, 'show wal_level')).toEqual([{ wal_level: 'logical' }])
  await database.stop()
})

it('drops the database although somebody is connected to it', async () => {
  const database = await startPostgres()
  const client = new pg.Client({ connectionString: database.url })
  // It says twice that it was ended: once the server's words, once the closed connection.
  const ended = new Promise((resolve) => client.on('error', resolve))
  await client.connect()
  await database.stop()
  expect(String(await ended)).toMatch(/terminat/)
  await expect(query(database.url, 'select 1')).rejects.toThrow(/does not exist/)
})
