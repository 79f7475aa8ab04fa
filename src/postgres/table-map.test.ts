import { expect, test } from 'vitest'
import { defineCatalog } from '../core/catalog.ts'
import { family } from '../core/family.ts'
import { shape } from '../core/shape.ts'
import { mapTables } from './table-map.ts'

const catalog = defineCatalog('map', {
  user: family('user:{id:int}', { value: shape<number>(), ttl: '1h' }),
  board: family('board', { value: shape<number>(), ttl: '1h' }),
})

test('a table without a schema is in public, and a row tells its targets', () => {
  const { tables } = mapTables(catalog, {
    users: {
      columns: { id: 'int' },
      families: ['user', 'board'],
      touches: ({ id }, { key, tag, all }) => [key.user(id), tag(`u:${id}`), all.board],
    },
    'audit.users': { columns: {}, families: ['board'], touches: (_row, { all }) => all.board },
  })
  expect([...tables.keys()]).toEqual(['public.users', 'audit.users'])
  expect(tables.get('public.users')?.touches({ id: 7 })).toEqual([
    { kind: 'key', family: 'user', id: 7 },
    { kind: 'tag', tag: 'u:7' },
    { kind: 'family', family: 'board' },
  ])
  expect(tables.get('audit.users')?.touches({})).toEqual([{ kind: 'family', family: 'board' }])
})

test('a family that the table does not list is refused, because a TRUNCATE would forget it', () => {
  const { tables } = mapTables(catalog, {
    users: {
      columns: { id: 'int' },
      families: ['board'],
      touches: ({ id }, { key }) => key.user(id),
    },
  })
  expect(() => tables.get('public.users')?.touches({ id: 7 })).toThrow("'user' among them")
})

test.each([
  [{ columns: {}, families: ['user'] }, "a function 'touches'"],
  [{ columns: {}, families: [], touches: () => [] }, 'a list of families'],
  [{ columns: {}, families: ['users'], touches: () => [] }, 'some of user, board'],
  [{ columns: { a: 'x' }, families: ['user'], touches: () => [] }, "column 'a'"],
  [{ columns: {}, families: ['user'], touches: () => [], more: 1 }, 'SP_OPTION_UNKNOWN'],
])('refuses %o', (options, text) => {
  const tables: Parameters<typeof mapTables>[1] = { users: options as never }
  expect(() => mapTables(catalog, tables as never)).toThrow(text)
})

test('refuses what a function returns when it is none of the targets', () => {
  const { tables } = mapTables(catalog, {
    users: { columns: {}, families: ['user'], touches: () => 'user:7' as never },
  })
  expect(() => tables.get('public.users')?.touches({})).toThrow('or a list')
})

test('columns and ids are typed by mapping and catalog', () => {
  mapTables(catalog, {
    users: {
      columns: { id: 'int', name: 'string?' },
      families: ['user'],
      touches: (row, { key }) => {
        const name: string | undefined = row.name
        // @ts-expect-error the id of a user is a number
        key.user(name)
        // @ts-expect-error there is no such column
        return key.user(row.userId)
      },
    },
  })
})

test('families are typed by the catalog', () => {
  const map = () =>
    mapTables(catalog, {
      // @ts-expect-error there is no such family
      users: { columns: {}, families: ['users'], touches: () => [] },
    })
  expect(map).toThrow('some of user, board')
})
