import { expect, expectTypeOf, it } from 'vitest'
import { defineCatalog } from '../core/catalog.ts'
import { family } from '../core/family.ts'
import { shape } from '../core/shape.ts'
import { testCache } from './test-cache.ts'

interface Position {
  readonly size: number
}

const catalog = defineCatalog('trades', {
  positions: family('positions:{userId:int}', { value: shape<Position[]>(), ttl: '30s' }),
  leaders: family('leaders', { value: shape<readonly string[]>(), ttl: '1h' }),
})

it('is a cache of the catalog, with its types', async () => {
  const cache = await testCache(catalog, { positions: (userId) => [{ size: userId }] })
  const positions = await cache.positions.get(7)
  expect(positions).toEqual([{ size: 7 }])
  expectTypeOf(positions).toEqualTypeOf<readonly Position[] | undefined>()
  await cache.settled()
  expect((await cache.positions.lookup(7)).from).toBe('memory')
})

it('says what was invalidated and why', async () => {
  const cache = await testCache(catalog)
  await cache.positions.invalidate([7, 8], { reason: 'position_created', subject: 'user 7' })
  expect(cache.invalidations()).toEqual([
    {
      keys: ['positions:7', 'positions:8'],
      tags: [],
      reason: 'position_created',
      subject: 'user 7',
    },
  ])
})

it('lets lives end when its clock is advanced, and not before', async () => {
  let loads = 0
  const cache = await testCache(catalog, { positions: () => [{ size: ++loads }] })
  await cache.positions.get(7)
  await cache.clock.advance(25_000)
  expect(await cache.positions.get(7)).toEqual([{ size: 1 }])
  await cache.clock.advance(6_000)
  expect(await cache.positions.get(7)).toEqual([{ size: 2 }])
})

it('has nothing in common with another one of the same catalog', async () => {
  const one = await testCache(catalog, { leaders: () => ['a'] })
  const other = await testCache(catalog, { leaders: () => ['b'] })
  expect([await one.leaders.get(), await other.leaders.get()]).toEqual([['a'], ['b']])
  await one.leaders.invalidate()
  expect(other.invalidations()).toEqual([])
  await other.settled()
  expect((await other.leaders.lookup()).from).toBe('memory')
})

it('closes without waiting for a clock that stands still', async () => {
  const cache = await testCache(catalog, { leaders: () => ['a'] })
  await cache.leaders.get()
  await cache.close()
  await expect(cache.leaders.get()).rejects.toMatchObject({ code: 'SP_CLOSED' })
})

it('refuses a family that is named as one of its tools', async () => {
  const clashing = defineCatalog('clash', {
    clock: family('clock', { value: shape<number>(), ttl: '1s' }),
  })
  await expect(testCache(clashing)).rejects.toMatchObject({ code: 'SP_NAME_RESERVED' })
})

it('has keys for families that are encrypted', async () => {
  const encrypted = defineCatalog('secrets', {
    account: family('account', { value: shape<string>(), ttl: '30s', encrypted: true }),
  })
  const cache = await testCache(encrypted, { account: () => 'secret' })
  expect(await cache.account.get()).toBe('secret')
})
