/** Invalidations from the database itself: outbox and change capture. */
import { systemClock as clock } from '../system.ts'
import { OutboxFeed } from './outbox-feed.ts'
import type { RelayedCache } from './plan.ts'
import { DatabaseRelay, type Relay } from './relay.ts'
import { type RelayOptions, resolveRelay } from './relay-options.ts'
import { SlotFeed } from './slot-feed.ts'
import type { TableMap } from './table-map.ts'

export { installOutbox, type OutboxOptions, uninstallOutbox } from './outbox.ts'
export type { RelayedCache } from './plan.ts'
export type { Relay } from './relay.ts'
export type { RelayOptions } from './relay-options.ts'
export type { RelayEvent, RelayLag, RelayState, RelayStatus } from './relay-status.ts'
export type { SqlClient } from './sql-client.ts'
export {
  mapTables,
  type TableMap,
  type TableOptions,
  type Target,
  type Targets,
} from './table-map.ts'

/**
 * Invalidates what changes in the database, whoever changes it. Several processes may start
 * one; one works. With the database away it resolves and waits for it. Rejects with
 * `SP_POOLED_CONNECTION`, `SP_OUTBOX_MISSING`, `SP_REPLICATION_UNAVAILABLE` or `SP_OPTION_…`.
 *
 * @example
 * const relay = await startRelay(cache, tables, { connection: 'postgres://db:5432/app' })
 */
export async function startRelay(
  cache: RelayedCache,
  map: TableMap,
  given: RelayOptions,
): Promise<Relay> {
  const options = resolveRelay(given)
  const parts = { ...options, map, clock }
  const feed = options.via === 'outbox' ? new OutboxFeed(parts) : new SlotFeed(parts)
  const relay = new DatabaseRelay({ cache, map, options, feed, clock })
  await relay.start()
  return relay
}
