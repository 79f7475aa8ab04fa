import { type Key, type Receipt, StaleproofError } from 'staleproof'
import { expect, test } from 'vitest'
import type { PolycoolCache, Write } from '../domain/writes.ts'
import { announce } from './announce.ts'
import { silentLogger } from './logger.ts'

const key: Key = { family: 'positions', text: 'api:positions:1' }
const write: Write<object> = {
  reason: 'position_created',
  service: 'api',
  tables: [],
  keys: () => [key],
}
const receipt: Receipt = { keys: [key.text], reached: 2, pending: [], ms: 1, token: 'the token' }

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
  expect(await announce(cache, { write, change: {}, subject: 'user:1' })).toBe('the token')
  expect(calls).toEqual([[[key], { reason: 'position_created', subject: 'user:1' }]])
})

test('values that are written through are told instead of their keys', async () => {
  const told: unknown[] = []
  const cache = withCache(() => Promise.reject(new Error('nothing was to be invalidated')))
  const through: Write<string> = {
    reason: write.reason,
    service: write.service,
    tables: [],
    keys: () => [key],
    writeThrough: async (_, change, why) => void told.push([change, why]),
  }
  expect(await announce(cache, { write: through, change: 'new' })).toBeUndefined()
  expect(told).toEqual([['new', { reason: 'position_created' }]])
})

test('activity that can not be told is no failure, and keeps no token back', async () => {
  const cache = withCache(async () => receipt)
  const active: Write<object> = {
    ...write,
    activity: () => Promise.reject(new StaleproofError('SP_CLOSED', 'closing')),
  }
  expect(await announce(cache, { write: active, change: {} })).toBe('the token')
})

test('a pending invalidation is no failure, and its token is passed on', async () => {
  const cache = withCache(async () => {
    throw new StaleproofError('SP_INVALIDATION_PENDING', 'Redis is away', { receipt })
  })
  expect(await announce(cache, { write, change: {} })).toBe('the token')
})

test('no other fault of the cache turns a committed write into a failure', async () => {
  const cache = withCache(async () => {
    throw new StaleproofError('SP_CLOSED', 'closing')
  })
  expect(await announce(cache, { write, change: {} })).toBeUndefined()
})
