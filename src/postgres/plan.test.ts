import { expect, test } from 'vitest'
import { defineCatalog } from '../core/catalog.ts'
import { family } from '../core/family.ts'
import { shape } from '../core/shape.ts'
import { carryOut, planOf, type RelayedCache } from './plan.ts'
import { mapTables } from './table-map.ts'

const catalog = defineCatalog('plan', {
  user: family('user:{id:int}', { value: shape<number>(), ttl: '1h' }),
  board: family('board', { value: shape<number>(), ttl: '1h' }),
})
const map = mapTables(catalog, {
  users: {
    columns: { id: 'int' },
    families: ['user', 'board'],
    touches: ({ id }, { key, tag, all }) => {
      if (id === 13) throw new Error('unlucky')
      if (id === 14) return [key.user(id), tag('x'.repeat(257))]
      if (id === 15) return [key.user(id), tag('\ud800')]
      if (id === 16) return [key.user(id), { kind: 'family', family: 'none' }]
      return id === 1 ? [key.user(id), all.board] : [key.user(id), tag(`u:${id}`)]
    },
  },
})
const receipt = { keys: [], reached: 0, pending: [], ms: 0, token: '' }
const said: string[] = []
const say = async (text: string): Promise<typeof receipt> => {
  said.push(text)
  return receipt
}
const cache: RelayedCache = {
  invalidate: (keys) => say(keys.map(({ text }) => text).join()),
  invalidateTag: (tags) => say(`tags ${tags}`),
  clear: () => say('everything'),
  family: (name) => {
    if (!catalog.compiled.has(name)) throw new Error('no such family')
    return {
      key: (id) => {
        if (id === 99) throw new Error('no such id')
        return { family: name, text: `${name}:${id}` }
      },
      clear: () => say(`family ${name}`),
    }
  },
}

const change = (...ids: readonly (string | null)[]) =>
  ({ kind: 'row', table: 'public.users', rows: ids.map((id) => ({ id })) }) as const

test('each key, tag and family once, for old and new rows alike', async () => {
  const plan = planOf([change('2', '3'), change('2'), change('1')], map, cache)
  expect([...plan.keys.keys()]).toEqual(['user:2', 'user:3', 'user:1'])
  expect([...plan.tags]).toEqual(['u:2', 'u:3'])
  expect([...plan.families]).toEqual(['board'])
  said.length = 0
  await carryOut(plan, cache, 'r')
  expect(said).toEqual(['family board', 'tags u:2,u:3', 'user:2,user:3,user:1'])
})

test.each(['13', '14', '15', '16', '99', null])(
  'a row %s that can not be mapped clears its families',
  (id) => {
    const plan = planOf([change(id)], map, cache)
    expect([...plan.families]).toEqual(['user', 'board'])
    expect(plan.keys.size).toBe(0)
    expect(plan.faults).toMatchObject([{ code: 'SP_ROW_UNMAPPED' }])
  },
)

test('keys of a family that is cleared anyway are not said', async () => {
  const plan = planOf([change('2'), { kind: 'table', table: 'public.users' }], map, cache)
  said.length = 0
  await carryOut(plan, cache, 'r')
  expect(said).toEqual(['family user', 'family board', 'tags u:2'])
})

test.each([{ kind: 'everything' }, { kind: 'table', table: 'public.younger' }] as const)(
  'clears everything for %o',
  async (wide) => {
    said.length = 0
    await carryOut(planOf([wide, change('2')], map, cache), cache, 'r')
    expect(said).toEqual(['everything'])
  },
)

test('tells at most ten faults of one batch', () => {
  const plan = planOf(
    Array.from({ length: 50 }, () => change('13')),
    map,
    cache,
  )
  expect(plan.faults).toHaveLength(10)
})
