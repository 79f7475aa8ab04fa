/** The catalog and the mapping that the tests of this folder share. */
import { defineCatalog, family, shape } from 'staleproof'
import { mapTables } from 'staleproof/postgres'

export const catalog = defineCatalog('ledger', {
  positions: family('api:positions:{userId:int}', { value: shape<number>(), ttl: '1h' }),
  position: family('api:position:{id}', { value: shape<number>(), ttl: '1h' }),
  leaderboard: family('api:leaderboard', { value: shape<number>(), ttl: '1h' }),
})

export const tables = mapTables(catalog, {
  positions: {
    columns: { id: 'string', user_id: 'int' },
    families: ['positions', 'position'],
    touches: (row, { key, tag }) => [
      key.positions(row.user_id),
      key.position(row.id),
      tag(`user:${row.user_id}`),
    ],
  },
  leaders: { columns: {}, families: ['leaderboard'], touches: (_row, { all }) => all.leaderboard },
})

export const createTables = `
  create table positions (id uuid primary key default gen_random_uuid(), user_id bigint not null,
    size int not null default 0);
  create table leaders (id int primary key, name text);`
