import { expect, onTestFinished, test, vi } from 'vitest'
import { defineCatalog } from '../core/catalog.ts'
import { family } from '../core/family.ts'
import { shape } from '../core/shape.ts'
import { openCache } from '../open.ts'
import { readScrape, seriesOf } from './exposition.test-support.ts'
import { openMetrics } from './index.ts'
import { leavesOf, seriesFor } from './stats-series.test-support.ts'

const catalog = defineCatalog('shop', {
  user: family('user:{id:int}', {
    value: shape<{ name: string }>(),
    ttl: '1m',
    tags: () => ['all'],
  }),
  price: family('price:{id}', { value: shape<number>(), ttl: '20s', order: (price) => price }),
  broken: family('broken:{id}', { value: shape<number>(), ttl: '1m' }),
})

async function open() {
  const cache = await openCache(catalog, {
    service: 'api',
    log: false,
    sources: {
      user: { many: async (ids) => ids.map((id) => ({ name: 'x'.repeat(id) })) },
      broken: () => Promise.reject(new Error('no')),
    },
  })
  const metrics = openMetrics(cache)
  onTestFinished(async () => {
    await metrics.close()
    await cache.close()
  })
  return { cache, metrics, scrape: async () => readScrape(await metrics.metrics()) }
}

async function traffic({ cache }: Awaited<ReturnType<typeof open>>): Promise<void> {
  for (const id of [1, 2, 3, 1, 2, 1]) await cache.user.get(id)
  await Promise.all([cache.user.get(9), cache.user.get(9), cache.user.getMany([10, 11, 5_000])])
  await cache.broken.get('a').catch(() => {})
  await cache.user.invalidate([1, 2], { reason: 'renamed' })
  await cache.user.get(1)
  await cache.invalidateTag('all', { reason: 'import' })
  await cache.user.clear()
  await cache.price.set('a', 7)
  await cache.mutate([cache.user.key(3)], () => 'done', { reason: 'renamed' })
  await cache.lock('settle', { ttl: '1s' }, () => 'done')
  const limiter = cache.limiter('out', { rate: 1, per: '1m' })
  await limiter.tryTake()
  await limiter.tryTake()
  await cache.settled()
}

/** Numbers of `stats` that follow from others, and those that a histogram tells in more detail. */
const derived = [
  /^memory\.evictions\./,
  /^memory\.sizing\./,
  /^coherence\.lag\.(p50|p99|max)Ms$/,
  /^coherence\.lagByOrigin\.[^.]+\.count$/,
  /^redis\.partitions$/,
  /^trustLosses$/,
]

test('after traffic has stopped, a scrape says what stats says, number by number', async () => {
  const world = await open()
  await traffic(world)

  const stats = world.cache.stats()
  const scrape = await world.scrape()

  const leaves = leavesOf(stats).filter(({ path }) => {
    return !derived.some((pattern) => pattern.test(path.join('.')))
  })
  expect(leaves.filter((leaf) => seriesFor(leaf) === undefined)).toEqual([])
  const wrong = leaves.flatMap((leaf) => {
    const expected = seriesFor(leaf)
    const told = expected && scrape.get(expected.series)
    return told === expected?.value ? [] : [{ ...expected, told, path: leaf.path.join('.') }]
  })
  expect(wrong).toEqual([])
  expect(
    scrape.get(seriesOf('cache_gets_total', { cache: 'user', result: 'hit', served_by: 'memory' })),
  ).toBe(3)
})

test('a scrape reads stats once, so that its numbers belong together', async () => {
  const { cache } = await open()
  const stats = vi.fn(() => cache.stats())
  const watched = openMetrics({ ...cache, stats })
  await watched.metrics()
  expect(stats).toHaveBeenCalledTimes(1)
  await watched.close()
})
