/** A database with the tables of the catalog, clients on it, and relays; all gone afterwards. */
import pg from 'pg'
import {
  installOutbox,
  type Relay,
  type RelayEvent,
  type RelayedCache,
  type RelayOptions,
  startRelay,
} from 'staleproof/postgres'
import { afterEach, beforeEach } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { startPostgres, type TestDatabase } from '../servers/postgres.ts'
import { createTables, tables } from './catalog.ts'

export interface Bench {
  readonly url: string
  /** Somebody at a terminal: plain SQL, nothing of the library. */
  readonly sql: pg.Client
  connect(): Promise<pg.Client>
  /** Resolves when it leads and what was there before is delivered. */
  lead(cache: RelayedCache, options?: Partial<RelayOptions>): Promise<Relay>
  start(cache: RelayedCache, options?: Partial<RelayOptions>): Promise<Relay>
  waiting(): Promise<number>
  /** Of the relays that were started, in order. */
  readonly events: RelayEvent[]
}

/** One for each test. */
export function useBench(prepare: 'outbox' | 'tables' = 'outbox'): Bench {
  let database: TestDatabase | undefined
  let sql: pg.Client | undefined
  const clients: pg.Client[] = []
  const relays: Relay[] = []
  const events: RelayEvent[] = []
  const there = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('only inside of a test')
    return part
  }
  beforeEach(async () => {
    database = await startPostgres()
    sql = await bench.connect()
    await sql.query(createTables)
    if (prepare === 'outbox') await installOutbox(sql, tables)
  })
  afterEach(async () => {
    await Promise.all(relays.splice(0).map((relay) => relay.close()))
    await Promise.all(clients.splice(0).map((client) => client.end().catch(() => undefined)))
    events.length = 0
    await database?.stop()
  })
  const bench: Bench = {
    get url() {
      return there(database).url
    },
    get sql() {
      return there(sql)
    },
    events,
    async connect() {
      const client = new pg.Client({ connectionString: there(database).url })
      client.on('error', () => {})
      await client.connect()
      clients.push(client)
      return client
    },
    async start(cache, options) {
      const onEvent = (event: RelayEvent) => void events.push(event)
      const connection = there(database).url
      const relay = await startRelay(cache, tables, { connection, onEvent, ...options })
      relays.push(relay)
      return relay
    },
    async lead(cache, options) {
      const relay = await bench.start(cache, options)
      await eventually('the relay to be up to date', () => {
        const { state, delivered, lag } = relay.status()
        return state === 'leader' && delivered > 0 && lag !== undefined
      })
      return relay
    },
    async waiting() {
      const { rows } = await there(sql).query('select count(*)::int as n from staleproof.outbox')
      return Number(rows[0]?.n)
    },
  }
  return bench
}

/** Until exactly this was said, sorted. */
export async function heard(
  cache: { readonly said: readonly string[] },
  words: readonly string[],
): Promise<void> {
  const wanted = [...words].sort().join()
  await eventually(`to hear ${wanted} (heard: ${cache.said})`, () => {
    return [...new Set(cache.said)].sort().join() === wanted
  })
}
