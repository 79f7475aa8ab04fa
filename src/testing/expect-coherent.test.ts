/** The main defect of services that cache: a write that forgets what was made from its data. */
import { beforeEach, expect, it } from 'vitest'
import { defineCatalog } from '../core/catalog.ts'
import { family } from '../core/family.ts'
import { shape } from '../core/shape.ts'
import { expectCoherent } from './expect-coherent.ts'
import { type TestCache, testCache } from './test-cache.ts'

interface Position {
  readonly size: number
}

const catalog = defineCatalog('trades', {
  positions: family('positions:{userId:int}', { value: shape<Position[]>(), ttl: '30s' }),
  total: family('total:{userId:int}', { value: shape<number>(), ttl: '30s' }),
  market: family('market', { value: shape<string>(), ttl: '1h' }),
})

let rows: Position[]
let cache: TestCache<typeof catalog.families>

beforeEach(async () => {
  rows = [{ size: 1 }]
  cache = await testCache(catalog, {
    positions: () => rows.map((row) => ({ ...row })),
    total: async (userId) => {
      const positions = (await cache.positions.get(userId)) ?? []
      return positions.reduce((sum, { size }) => sum + size, 0)
    },
    market: () => 'open',
  })
})

const readsOfUser = [() => cache.positions.get(7), () => cache.total.get(7)]

async function createPosition(...invalidated: ('positions' | 'total' | 'market')[]): Promise<void> {
  rows.push({ size: 2 })
  for (const name of invalidated) {
    await (name === 'market' ? cache.market.invalidate() : cache[name].invalidate(7))
  }
}

it('passes a write that invalidates what it changed', async () => {
  const write = () => createPosition('positions', 'total')
  const report = await expectCoherent({ cache, write, reads: readsOfUser })
  expect(report).toEqual({ changed: ['positions:7', 'total:7'], needless: [] })
})

it('names the family, the key and the difference of what was forgotten', async () => {
  const checked = expectCoherent({ cache, write: () => createPosition(), reads: readsOfUser })
  await expect(checked).rejects.toMatchObject({
    code: 'SP_WRITE_INCOHERENT',
    family: 'positions',
    key: 'positions:7',
    message:
      'SP_WRITE_INCOHERENT: the write left old values in the cache:\n' +
      '  positions, positions:7: [1] is absent and should be {"size":2}\n' +
      '  total, total:7: it is 1 and should be 3',
  })
})

it('finds the derived value that was forgotten, and nothing else', async () => {
  const checked = expectCoherent({
    cache,
    write: () => createPosition('positions'),
    reads: readsOfUser,
  })
  await expect(checked).rejects.toMatchObject({ family: 'total', key: 'total:7' })
})

it('finds a forgotten value that only another source reads', async () => {
  const checked = expectCoherent({
    cache,
    write: () => createPosition('total'),
    reads: [() => cache.total.get(7)],
  })
  await expect(checked).rejects.toMatchObject({ family: 'positions', key: 'positions:7' })
})

it('says what was invalidated for nothing', async () => {
  const write = () => createPosition('positions', 'total', 'market')
  const reads = [...readsOfUser, () => cache.market.get()]
  expect(await expectCoherent({ cache, write, reads })).toMatchObject({ needless: ['market'] })
})

it('refuses reads that read nothing through the cache', async () => {
  const checked = expectCoherent({ cache, write: () => createPosition(), reads: [() => rows] })
  await expect(checked).rejects.toMatchObject({ code: 'SP_OPTION_INVALID' })
})

it('rejects with the error of the write', async () => {
  const refused = new Error('refused')
  const write = () => Promise.reject(refused)
  await expect(expectCoherent({ cache, write, reads: readsOfUser })).rejects.toBe(refused)
})
