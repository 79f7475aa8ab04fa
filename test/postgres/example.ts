import type pg from 'pg'
import { type Cache, defineCatalog, family, shape } from 'staleproof'
import { installOutbox, mapTables, type Relay, startRelay } from 'staleproof/postgres'

export const catalog = defineCatalog('shop', {
  positions: family('api:positions:{userId:int}', { value: shape<object[]>(), ttl: '10m' }),
  leaderboard: family('api:leaderboard', { value: shape<object[]>(), ttl: '1h' }),
})

// Beside the catalog: which rows make which keys old.
export const tables = mapTables(catalog, {
  positions: {
    columns: { user_id: 'int' },
    families: ['positions', 'leaderboard'],
    touches: (row, { key, tag, all }) => [
      key.positions(row.user_id),
      tag(`user:${row.user_id}`),
      all.leaderboard,
    ],
  },
})

// With the migrations, as the owner of the tables.
export async function migrate(client: pg.Client): Promise<void> {
  await installOutbox(client, tables)
}

// In one or more processes; one of them works.
export function relay(cache: Cache<typeof catalog.families>, database: string): Promise<Relay> {
  return startRelay(cache, tables, {
    connection: database,
    onEvent: (event) => {
      if (event.kind === 'fault') console.error(event.error)
    },
  })
}
