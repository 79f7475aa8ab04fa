import { type Key, openCache, type Receipt, StaleproofError } from 'staleproof'
import { expect, test } from 'vitest'
import { catalog } from '../domain/catalog.ts'
import {
  type PolycoolCache,
  positionCreated,
  type ValueSets,
  type Write,
} from '../domain/writes.ts'
import { announce, announceDoubt, changedKeys } from './announce.ts'
import { silentLogger } from './logger.ts'

const key: Key = { family: 'positions', text: 'api:positions:1' }
const reason = 'position_created'
const write: Write<object> = {
  reason,
  service: 'api',
  tables: [],
  keys: () => [key],
}
const token = '1.0~AbCd_-12~EfGhIjKl~z'
const receipt: Receipt = { keys: [key.text], reached: 2, pending: [], ms: 1, token }
const log = silentLogger()

// Only the one method that `announce` calls; the rest of a cache has no part in these tests.
function withCache(invalidate: PolycoolCache['invalidate']) {
  return { cache: { invalidate } as PolycoolCache, log: silentLogger() }
}

test('tells the keys with reason and subject, and returns the token', async () => {
  const calls: unknown[] = []
  const cache = withCache(async (...call) => {
    calls.push(call)
    return receipt
  })
  expect(await announce(cache, { write, change: {}, subject: 'user:1' })).toBe(token)
  expect(calls).toEqual([[[key], { reason: 'position_created', subject: 'user:1' }]])
})

test('values that are known are set, and their keys are not invalidated', async () => {
  const set: unknown[] = []
  const cache = withCache(() => Promise.reject(new Error('nothing was to be invalidated')))
  const sets: ValueSets<string> = {
    keys: () => [key],
    set: async (_, change, why) => {
      set.push([change, why])
      return [{ stored: true, why: 'stored', token }]
    },
  }
  const through: Write<string> = { reason, service: 'api', tables: [], keys: () => [], sets }
  expect(await announce(cache, { write: through, change: 'new' })).toBe(token)
  expect(set).toEqual([['new', { reason: 'position_created' }]])
})

test('a value that can not be set is invalidated', async () => {
  const calls: unknown[] = []
  const cache = withCache(async (...call) => {
    calls.push(call)
    return receipt
  })
  const sets: ValueSets<object> = {
    keys: () => [key],
    set: () => Promise.reject(new StaleproofError('SP_VALUE_NOT_CARRIED', 'no value')),
  }
  const through = { ...write, keys: () => [], sets }
  expect(await announce(cache, { write: through, change: {} })).toBe(token)
  expect(calls).toEqual([[[key], { reason: 'position_created' }]])
})

test('the token covers all that a trade changed, in whatever partition it is', async () => {
  const cache = await openCache(catalog, { service: 'test', partitions: 16 })
  for (let id = 1; id <= 12; id += 1) {
    const createdAt = '2026-07-10T12:00:00.000Z'
    const profile = { id, telegramId: id, name: 'Ada', balance: 1, createdAt, revision: 1 }
    const change = { userId: id, positionId: id, telegramId: id, marketId: '11', profile }
    const token = await announce({ cache, log }, { write: positionCreated, change })
    const { token: all } = await cache.invalidate(changedKeys(cache, positionCreated, change))
    expect(partitionsOf(token)).toEqual(partitionsOf(all))
  }
  await cache.close()
})

function partitionsOf(token: string | undefined): readonly string[] {
  return token?.match(/(?<=\.)\w+(?=~)/g) ?? []
}

test('a change for which no key can be made voids everything, and fails nobody', async () => {
  const cache = await openCache(catalog, {
    service: 'test',
    sources: { user: async () => undefined },
  })
  const tooLong: Write<string> = {
    reason,
    service: 'api',
    tables: [],
    keys: (cache, id) => [cache.market.key(id)],
  }
  const before = await cache.user.lookup(7)
  expect(await announce({ cache, log }, { write: tooLong, change: 'x'.repeat(2_000) })).toBeTypeOf(
    'string',
  )
  expect((await cache.user.lookup(7)).from).toBe(before.from)
  await announceDoubt({ cache, log }, { write: tooLong, change: 'x'.repeat(2_000) })
  expect((await cache.user.lookup(7)).from).toBe('source')
  await cache.close()
})

test('activity that can not be told is no failure, and keeps no token back', async () => {
  const cache = withCache(async () => receipt)
  const active: Write<object> = {
    ...write,
    activity: () => Promise.reject(new StaleproofError('SP_CLOSED', 'closing')),
  }
  expect(await announce(cache, { write: active, change: {} })).toBe(token)
})

test('a pending invalidation is no failure, and its token is passed on', async () => {
  const cache = withCache(async () => {
    throw new StaleproofError('SP_INVALIDATION_PENDING', 'Redis is away', { receipt })
  })
  expect(await announce(cache, { write, change: {} })).toBe(token)
})

test('no other fault of the cache turns a committed write into a failure', async () => {
  const cache = withCache(async () => {
    throw new StaleproofError('SP_CLOSED', 'closing')
  })
  expect(await announce(cache, { write, change: {} })).toBeUndefined()
})
