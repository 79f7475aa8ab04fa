/**
 * A day in one process, less than a minute long: keys and tags that never come again, sources that
 * fail and hang, callers that leave. What is left of it is what was there after its first hours.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { defineCatalog, family, shape } from 'staleproof'
import { type TestCache, testCache } from 'staleproof/testing'
import { expect, test } from 'vitest'

const minuteMs = 60_000
const firstHours = 6
const hours = 24
/** A hundred thousand keys come and go meanwhile: a leak of 40 bytes of each would show. */
const heapGrowthBytesMax = 4 * 1_024 * 1_024

const catalog = defineCatalog('day', {
  item: family('item:{id:int}', {
    value: shape<{ readonly id: number; readonly text: string }>(),
    ttl: '10m',
    negativeTtl: '1m',
    tags: (_, id) => [`group:${id % 5_000}`],
  }),
  page: family('page:{name}', { value: shape<readonly number[]>(), ttl: '1m' }),
})
type Day = TestCache<(typeof catalog)['families']>

setFlagsFromString('--expose-gc')
const collect: unknown = runInNewContext('gc')

function usedBytes(): number {
  if (typeof collect !== 'function') throw new Error('expected a collector')
  for (let time = 0; time < 3; time++) collect()
  return getHeapStatistics().used_heap_size
}

/** What is the same after each hour of the same work, if nothing is left behind. */
function census({ clock, ...cache }: Day): object {
  const { flights, delivery, mutations } = cache.stats()
  const { pending, spooled } = delivery
  return { flights, pending, spooled, ...mutations, timers: clock.time.waiting }
}

async function hour(cache: Day, first: number): Promise<void> {
  for (let minute = 0; minute < 60; minute++) {
    const from = first + minute * 100
    const calls = Array.from({ length: 100 }, (_, at) => cache.item.get(from + at))
    calls.push(cache.item.get(from, { timeout: 1 }), cache.item.get(from + 1, { signal: gone() }))
    const ids = Array.from({ length: 20 }, (_, at) => from + at)
    const tag = `group:${from % 5_000}`
    const others = [
      cache.item.getMany(ids),
      cache.page.get(`${from}`),
      cache.item.invalidate(ids),
      cache.invalidateTag(tag),
      cache.mutate([cache.item.key(from)], async () => 'written'),
      cache.lock(`job${from}`, { ttl: '5s' }, async () => 'done'),
      ...(minute % 20 === 0 ? [cache.page.clear(), cache.invalidatePattern('page:1*')] : []),
    ]
    const ended = Promise.allSettled([...calls, ...others])
    await cache.clock.advance(minuteMs)
    const fates = await ended
    expect(fates.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(80)
  }
}

function gone(): AbortSignal {
  return AbortSignal.abort(new Error('nobody waits'))
}

test('leaves no flight, timer, listener or memory behind', { timeout: 300_000 }, async () => {
  const calls = { item: 0, page: 0 }
  const cache: Day = await testCache(catalog, {
    item: async (id, { signal }) => {
      calls.item++
      if (id % 50 === 7) throw new Error(`item ${id} can't be loaded`)
      if (id % 200 === 11) return hanging(signal)
      return id % 10 === 0 ? undefined : { id, text: `item ${id}`.padEnd(200) }
    },
    page: async (name) => {
      calls.page++
      return [Number(name)]
    },
  })
  for (let at = 0; at < firstHours; at++) await hour(cache, at * 6_000)
  const [before, bytesBefore] = [census(cache), usedBytes()]
  expect(before).toMatchObject({ flights: 0, pending: 0, running: 0, quarantinedKeys: 0 })
  for (let at = firstHours; at < hours; at++) await hour(cache, at * 6_000)
  expect(census(cache)).toEqual(before)
  expect(usedBytes() - bytesBefore).toBeLessThan(heapGrowthBytesMax)
  expect(calls.item).toBeGreaterThan(100_000)
  expect(calls.page).toBeGreaterThan(1_000)
  const closed = cache.close()
  await cache.clock.advance(minuteMs)
  await closed
  expect(cache.clock.time.waiting).toBe(0)
})

/** Ends when its cache gives it up. */
function hanging(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })
}
