import { expect, test } from 'vitest'
import { Deferred } from '../base/deferred.ts'
import { StoreFault } from '../core/contracts/store.ts'
import { listingStepsMax, listKeys } from './key-lister.ts'
import { resolveKeys } from './keys-options.ts'

/** A store whose scan yields these batches, and how many of them were asked for. */
function storeOf(batches: Iterable<readonly string[]>) {
  const seen = { pattern: '', steps: 0 }
  async function* scan(pattern: string) {
    seen.pattern = pattern
    for (const batch of batches) {
      seen.steps++
      yield batch
    }
  }
  return { store: { scan }, seen }
}

test('tells each key once, and that there are no more', async () => {
  const { store, seen } = storeOf([['a', 'b'], [], ['b', 'c']])
  const listing = await listKeys(store, resolveKeys({ pattern: 'x:*' }))
  expect(listing).toEqual({ keys: ['a', 'b', 'c'], isComplete: true })
  expect(seen.pattern).toBe('x:*')
})

test('stops at the limit, and is complete where there are exactly so many', async () => {
  const { store, seen } = storeOf([['a', 'b'], ['c'], ['d']])
  const some = await listKeys(store, resolveKeys({ limit: 2 }))
  expect(some).toEqual({ keys: ['a', 'b'], isComplete: false })
  expect(seen.steps).toBe(2)
  const all = await listKeys(storeOf([['a'], ['b', 'a']]).store, resolveKeys({ limit: 2 }))
  expect(all).toEqual({ keys: ['a', 'b'], isComplete: true })
})

test('a server where little matches is not scanned without end', async () => {
  const { store, seen } = storeOf(Array.from({ length: listingStepsMax + 5 }, () => []))
  expect(await listKeys(store, resolveKeys({}))).toEqual({ keys: [], isComplete: false })
  expect(seen.steps).toBe(listingStepsMax)
})

test('a signal ends it also while a step does not come', async () => {
  const stop = new AbortController()
  const never = new Deferred<readonly string[]>()
  async function* scan() {
    yield ['a']
    yield await never.promise
  }
  const listing = listKeys({ scan }, resolveKeys({ signal: stop.signal }))
  stop.abort()
  expect(await listing).toMatchObject({ isComplete: false })
})

test('a server that fails is said to be down', async () => {
  const scan = () => {
    throw new StoreFault('down', 'no connection')
  }
  await expect(listKeys({ scan }, resolveKeys({}))).rejects.toMatchObject({ code: 'SP_REDIS_DOWN' })
})

test('options are checked', () => {
  expect(() => resolveKeys({ limit: 0 })).toThrow(/limit/)
  expect(() => resolveKeys({ limit: 10_001 })).toThrow(/limit/)
  expect(() => resolveKeys({ pattern: '[a]' })).toThrow(/pattern/)
  expect(resolveKeys({ pattern: '*' })).toMatchObject({ pattern: '*', limit: 100 })
})
