/**
 * A fresh PostgreSQL database for a test, on one server per test run. The server belongs to
 * the run's global setup, which starts it when the first test asks (see postgres-broker.ts).
 */
import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { createDatabase, dropDatabase } from '../../services/launcher/postgres-database.ts'

export interface TestDatabase {
  readonly url: string
  /** Drops the database, ending whoever is still connected to it. */
  stop(): Promise<void>
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Where to ask for the run's PostgreSQL server. */
    postgresBroker: string
  }
}

/** The URL of the run's server; starts it on the first call of the run. */
export async function postgresServerUrl(): Promise<string> {
  const broker = inject('postgresBroker')
  if (broker === undefined) {
    throw new Error("no PostgreSQL: vitest's globalSetup lacks test/servers/setup.ts")
  }
  const answer = await fetch(broker)
  const text = await answer.text()
  if (answer.ok) return text
  throw new Error(`PostgreSQL did not start: ${text}`)
}

/** Makes an empty database with a name of its own. */
export async function startPostgres(): Promise<TestDatabase> {
  const server = await postgresServerUrl()
  const name = `test_${randomBytes(6).toString('hex')}`
  const url = await createDatabase(server, name)
  return { url, stop: () => dropDatabase(server, name) }
}
