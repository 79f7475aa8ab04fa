/**
 * The database tells the cache too, whoever wrote: a colleague in `psql`, or a process that died
 * between its commit and its invalidation. One of all processes relays what triggers have noted.
 */
import pg from 'pg'
import { installOutbox, type Relay, startRelay } from 'staleproof/postgres'
import type { ServiceLogger } from '../process/logger.ts'
import type { ProductsCache } from './catalog.ts'
import { changes } from './changes.ts'

/** Beside any other outbox: this one speaks to the cache of this namespace. */
const schema = 'products_outbox'

export interface OutboxOptions {
  /** A direct address: behind a pooler neither locks nor LISTEN last. */
  readonly databaseUrl: string
  readonly cache: ProductsCache
  readonly log: ServiceLogger
}

export async function openOutbox({ databaseUrl, cache, log }: OutboxOptions): Promise<Relay> {
  const client = new pg.Client(databaseUrl)
  await client.connect()
  try {
    await installOutbox(client, changes, { schema })
  } finally {
    await client.end()
  }
  let isWaiting = false
  return startRelay(cache, changes, {
    connection: databaseUrl,
    schema,
    onEvent: (event) => {
      if (event.kind === 'fault') log.warn({ err: event.error }, 'a change could not be mapped')
      if (event.kind === 'delivered') isWaiting = false
      if (event.kind !== 'failed') return
      // Once for each time that it stops; the health route says for how long.
      log[isWaiting ? 'debug' : 'warn']({ err: event.error }, 'changes wait in the outbox')
      isWaiting = true
    },
  })
}
