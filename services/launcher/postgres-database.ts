/** Databases on a PostgreSQL server: their URLs, and making and dropping them. */
import pg from 'pg'

const connectDeadlineMs = 5_000
const queryDeadlineMs = 30_000
// Which of the two the loser of a race sees depends on how far the winner has come.
const duplicateCodes = ['42P04', '23505']

/** The URL of another database on the server of `serverUrl`. */
export function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${encodeURIComponent(name)}`
  return url.href
}

/** Makes the database if it is not there and returns its URL. */
export async function createDatabase(serverUrl: string, name: string): Promise<string> {
  const literal = pg.escapeLiteral(name)
  const found = await queryOnce(serverUrl, `select 1 from pg_database where datname = ${literal}`)
  if (found === 0) await createOnce(serverUrl, name)
  return databaseUrl(serverUrl, name)
}

/** Drops the database, ending whoever is still connected to it. */
export async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  const identifier = pg.escapeIdentifier(name)
  await queryOnce(serverUrl, `drop database if exists ${identifier} with (force)`)
}

/** One query on a connection of its own; resolves to the number of its rows. */
export async function queryOnce(url: string, text: string): Promise<number> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: connectDeadlineMs,
    query_timeout: queryDeadlineMs,
  })
  // An idle connection that breaks emits an error; the query's own rejection is what counts.
  client.on('error', () => {})
  try {
    await client.connect()
    const result = await client.query(text)
    return result.rowCount ?? 0
  } finally {
    await client.end()
  }
}

/** Two that make the same database at once both succeed. */
async function createOnce(serverUrl: string, name: string): Promise<void> {
  try {
    await queryOnce(serverUrl, `create database ${pg.escapeIdentifier(name)}`)
  } catch (error) {
    const isThere = error instanceof pg.DatabaseError && duplicateCodes.includes(error.code ?? '')
    if (!isThere) throw error
  }
}
