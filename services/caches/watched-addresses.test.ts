import { openCache } from 'staleproof'
import { type TestCache, testCache } from 'staleproof/testing'
import { afterEach, expect, test } from 'vitest'
import { eventually } from '../../test/servers/eventually.ts'
import { describeWithRedis, startRedis } from '../../test/servers/redis.ts'
import { catalog, type PolycoolFamilies } from '../domain/catalog.ts'
import { type WatchedAddress, watchedDistance } from '../domain/leader.ts'
import { type PolycoolCache, watchedAddressesChanged } from '../domain/writes.ts'
import { announce } from '../process/announce.ts'
import { silentLogger } from '../process/logger.ts'
import { WatchedAddresses } from './watched-addresses.ts'

const closings: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close()
})

let list: WatchedAddress[] = []

async function open(service: string, redis?: string): Promise<PolycoolCache> {
  const sources = { watchedAddresses: () => list }
  const cache = await openCache(catalog, { service, redis, sources })
  closings.push(() => cache.close())
  return cache
}

function watched(address: string, copiers = 0): WatchedAddress {
  return { address, label: address, copiers }
}

const change = (cache: PolycoolCache) =>
  announce({ cache, log: silentLogger() }, { write: watchedAddressesChanged, change: {} })

test('as long as nothing has changed it is the same set, from memory', async () => {
  list = [watched('0xa')]
  // In virtual time: a busy machine may take so long that memory has to be proven anew.
  const cache = await testCache(catalog, { watchedAddresses: () => list })
  closings.push(() => cache.close())
  const addresses = new WatchedAddresses(cache)
  const first = await addresses.current({})
  await cache.settled()
  for (let trade = 0; trade < 1_000; trade += 1) {
    expect(await addresses.current({})).toBe(first)
  }
  expect(first.has('0xa')).toBe(true)
  expect(cache.stats().families.watchedAddresses?.reads).toMatchObject({ source: 1, redis: 0 })
})

test('the distance is the number of addresses that differ', () => {
  const before = [watched('0xa'), watched('0xb'), watched('0xc', 1)]
  expect(watchedDistance(before, before)).toBe(0)
  expect(watchedDistance(before, [...before, watched('0xd')])).toBe(1)
  expect(watchedDistance(before, before.slice(1))).toBe(1)
  expect(watchedDistance(before, [watched('0xa'), watched('0xb'), watched('0xc', 2)])).toBe(1)
  expect(watchedDistance(before, [watched('0xx'), watched('0xy'), watched('0xz')])).toBe(3)
})

test('a list that changes much is read sooner, one that rests after 15 minutes', async () => {
  const cache = await open('indexer')
  const loaded = async () => {
    const { ttl } = await cache.watchedAddresses.lookup({ consistency: 'fresh' })
    await cache.settled()
    return ttl?.because
  }
  list = [watched('0xa')]
  await loaded()
  expect(await loaded()).toContainEqual({ rule: 'volatility', ms: 900_000 })
  for (let load = 0; load < 12; load += 1) {
    list = Array.from({ length: 10 }, (_, place) => watched(`0x${load}${place}`))
    await loaded()
  }
  expect(await loaded()).toContainEqual({ rule: 'volatility', ms: 60_000 })
})

test('past its TTL the old list is served at once, while it is loaded anew', async () => {
  list = [watched('0xa')]
  const cache = await testCache(catalog, { watchedAddresses: () => list })
  closings.push(() => cache.close())
  await cache.watchedAddresses.get()
  list = [watched('0xa'), watched('0xb')]
  const outcome = await afterItsLife(cache)
  expect(outcome).toMatchObject({ from: 'stale', why: 'revalidating' })
  expect(outcome.ageMs).toBeGreaterThan(800_000)
  await cache.clock.advance(1)
  expect(await cache.watchedAddresses.get()).toHaveLength(2)
})

test('while the API is away those who are known are followed on', async () => {
  let isAway = false
  const source = () => {
    if (isAway) throw new Error('the API is away')
    return [watched('0xa')]
  }
  const cache = await testCache(catalog, { watchedAddresses: source })
  closings.push(() => cache.close())
  await cache.watchedAddresses.get()
  isAway = true
  await afterItsLife(cache)
  await cache.clock.advance(600_000)
  expect(await cache.watchedAddresses.get()).toEqual([watched('0xa')])
})

/** The first read that memory does not answer as fresh. */
async function afterItsLife(cache: TestCache<PolycoolFamilies>) {
  for (let step = 0; step < 100; step += 1) {
    await cache.clock.advance(10_000)
    const outcome = await cache.watchedAddresses.lookup()
    if (outcome.from !== 'memory') return outcome
  }
  throw new Error('expected its life to end within 1,000 s')
}

describeWithRedis('between services', () => {
  test('an address that is added in one is told to the others, who read it at once', async () => {
    const redis = await startRedis()
    closings.push(() => redis.stop())
    list = [watched('0xa')]
    const [api, indexer] = [await open('api', redis.url), await open('indexer', redis.url)]
    const addresses = new WatchedAddresses(indexer)
    const before = await addresses.current({})
    await indexer.settled()
    let calls = 0
    const end = addresses.onChange(() => {
      calls += 1
    })
    list = [watched('0xa'), watched('0xb')]
    await change(api)
    await eventually('the indexer is told', async () => calls > 0)
    expect([...before]).toEqual(['0xa'])
    expect([...(await addresses.current({}))]).toEqual(['0xa', '0xb'])
    end()
    const heard = calls
    await change(indexer)
    expect(calls).toBe(heard)
  })
})
