/** Types of the cache: every line of the public surface that exists, and the wrong calls. */
import { expectTypeOf, test } from 'vitest'
import type { Cache } from './cache.ts'
import { type Catalog, defineCatalog, type Families } from './catalog.ts'
import type { DeepReadonly } from './deep-readonly.ts'
import { family } from './family.ts'
import type { SetResult } from './handle.ts'
import type { Key } from './key.ts'
import type { CacheOptions } from './options.ts'
import type { Outcome } from './outcome.ts'
import type { Receipt } from './receipt.ts'
import { shape } from './shape.ts'

interface Position {
  id: number
  tags: string[]
}
interface Market {
  title: string
}
interface Quote {
  seq: number
}

const catalog = defineCatalog('polycool', {
  positions: family('api:positions:{userId:int}', { value: shape<Position[]>(), ttl: '30s' }),
  market: family('market:{marketId}', { value: shape<Market>(), ttl: '5m', negativeTtl: '30s' }),
  price: family('price:{id}', { value: shape<Quote>(), ttl: '20s', order: (quote) => quote.seq }),
  page: family('api:markets:{list}:{page:int}', { value: shape<Market[]>(), ttl: '5m' }),
  leaderboard: family('api:leaderboard', { value: shape<Market[]>(), ttl: '1h' }),
})
declare function openCache<F extends Families>(
  catalog: Catalog<F>,
  options: CacheOptions<F>,
): Promise<Cache<F>>
declare const cache: Cache<typeof catalog.families>
declare const database: {
  positionsOf(userId: number, signal: AbortSignal): Promise<Position[]>
  marketsById(ids: readonly string[]): Promise<(Market | undefined)[]>
}

test('sources infer their arguments, and the signal is the platform one', () => {
  const opened = () =>
    openCache(catalog, {
      service: 'api',
      redis: process.env.REDIS_URL,
      sources: {
        positions: (userId, { signal }) => database.positionsOf(userId, signal),
        market: { many: (ids) => database.marketsById(ids) },
        page: ({ list, page }) => [{ title: `${list} ${page}` }],
        leaderboard: async ({ signal }) => (signal.aborted ? [] : await cache.leaderboard.get()),
      },
    })
  expectTypeOf(opened).returns.resolves.toEqualTypeOf<Cache<typeof catalog.families>>()
})

test('sources with options infer as those without, and breakers are typed by their names', () => {
  void (() =>
    openCache(catalog, {
      service: 'api',
      sources: {
        positions: { one: (userId, { signal }) => database.positionsOf(userId, signal) },
        market: { many: (ids) => database.marketsById(ids), dependency: 'provider', queue: 9 },
      },
      resilience: {
        families: { market: { consecutive: 3 } },
        dependencies: { provider: { failureRate: 0.2 } },
        redis: { consecutive: 5 },
      },
    }))
  void (() => cache.configureBreaker('family:market', { consecutive: 1 }))
  void (() => cache.configureBreaker('redis:0', { consecutive: 1 }))
  // @ts-expect-error Redis is tried by beats: how long it stays open is not a choice.
  void (() => cache.configureBreaker('redis:0', { openFor: '5s' }))
  // @ts-expect-error one threshold or the other
  void (() => cache.configureBreaker('family:market', { consecutive: 1, failureRate: 0.5 }))
  // @ts-expect-error there is no breaker of that kind
  void (() => cache.configureBreaker('market', { consecutive: 1 }))
})

test('every option accepts undefined', () => {
  void (() =>
    openCache(catalog, {
      service: 'api',
      namespace: undefined,
      memory: undefined,
      trust: undefined,
      budget: undefined,
      log: undefined,
      observers: undefined,
      sources: { market: undefined },
    }))
})

test('reads', () => {
  type M = DeepReadonly<Market>
  expectTypeOf(cache.market.get('517310')).resolves.toEqualTypeOf<M | undefined>()
  expectTypeOf(cache.market.getMany(['1'])).resolves.toEqualTypeOf<(M | undefined)[]>()
  expectTypeOf(cache.market.peek('517310')).toEqualTypeOf<M | undefined>()
  expectTypeOf(cache.market.lookup('517310')).resolves.toEqualTypeOf<Outcome<M>>()
  expectTypeOf(cache.market.lookupMany(['1'])).resolves.toEqualTypeOf<Outcome<M>[]>()
  void (() => [
    cache.positions.get(7, { consistency: 'strict' }),
    cache.positions.get(7, { after: 'token', signal: AbortSignal.timeout(1), timeout: '1s' }),
    cache.page.get({ list: 'volume', page: 1 }),
    cache.leaderboard.get(),
    cache.leaderboard.get({ consistency: 'fresh' }),
    cache.leaderboard.peek(),
    cache.family('market').get('1'),
  ])
})

test('writes', () => {
  expectTypeOf(cache.price.set('517310', { seq: 1 })).resolves.toEqualTypeOf<SetResult>()
  expectTypeOf(cache.positions.invalidate(7)).resolves.toEqualTypeOf<Receipt>()
  expectTypeOf(cache.positions.key(7)).toEqualTypeOf<Key>()
  void (async () => {
    const receipt = await cache.positions.invalidate(7, { reason: 'position_created' })
    await cache.positions.get(7, { after: receipt })
    await cache.positions.get(7, { after: receipt.token })
    await cache.positions.invalidate([7, 8], { reason: 'sync', subject: 'user:7' })
    await cache.leaderboard.invalidate({ reason: 'r' })
    await cache.leaderboard.set([{ title: 't' }], { reason: 'r' })
    await cache.positions.refresh(7)
    await cache.invalidate([cache.positions.key(7), cache.market.key('9')], { reason: 'r' })
    cache.market.pattern({ marketId: '5' })
    cache.page.pattern({ list: 'volume' })
    cache.page.pattern()
    await using opened = await openCache(catalog, { service: 'api' })
    await opened.settled()
  })
})

test('the version that was written bounds an invalidation of keys, and of nothing else', () => {
  void (async () => {
    await cache.price.invalidate('517310', { minVersion: 7 })
    await cache.price.invalidate(['517310'], { minVersion: 7n, barrier: true })
    await cache.invalidate([cache.price.key('9')], { minVersion: 7 })
    // @ts-expect-error a version is a number
    await cache.price.invalidate('517310', { minVersion: '7' })
    // @ts-expect-error a family as a whole has no version
    await cache.price.clear({ minVersion: 7 })
    // @ts-expect-error nor has a tag
    await cache.invalidateTag('user:7', { minVersion: 7 })
    // @ts-expect-error nor has a pattern
    await cache.invalidatePattern('price:*', { minVersion: 7 })
  })
})

test('an outcome narrows on where it came from', () => {
  void ((outcome: Outcome<Market>) => {
    if (outcome.from === 'none') expectTypeOf(outcome.error).toEqualTypeOf<unknown>()
    else expectTypeOf(outcome.ageMs).toEqualTypeOf<number>()
    if (outcome.stale) expectTypeOf(outcome.from).toEqualTypeOf<'stale'>()
  })
})

test('wrong calls are refused', () => {
  void (async () => {
    // @ts-expect-error ids of markets are texts
    await cache.market.get(7)
    // @ts-expect-error an id is needed
    await cache.market.get()
    // @ts-expect-error no such family
    await cache.nothing.get()
    // @ts-expect-error one of two parameters
    await cache.page.get({ list: 'volume' })
    // @ts-expect-error no parameters, no batches
    await cache.leaderboard.getMany([])
    // @ts-expect-error unknown option
    await cache.market.get('1', { consistancy: 'strict' })
    // @ts-expect-error unknown consistency
    await cache.market.get('1', { consistency: 'weak' })
    // @ts-expect-error a reason is a text, if it is given
    await cache.market.invalidate('1', { reason: undefined })
    // @ts-expect-error ids instead of keys
    await cache.invalidate([7])
    // @ts-expect-error another value
    await cache.price.set('1', { seq: 'one' })
    // @ts-expect-error no such parameter
    cache.market.pattern({ id: '5' })
    const positions = await cache.positions.get(7)
    // @ts-expect-error values are read-only
    positions?.push({ id: 1, tags: [] })
    // @ts-expect-error at any depth
    positions?.[0]?.tags.push('x')
  })
})

test('wrong sources are refused', () => {
  void (async () => {
    // @ts-expect-error no such family
    await openCache(catalog, { service: 's', sources: { nothing: () => 1 } })
    // @ts-expect-error wrong value
    await openCache(catalog, { service: 's', sources: { market: () => ({ title: 1 }) } })
    // @ts-expect-error no batches without parameters
    await openCache(catalog, { service: 's', sources: { leaderboard: { many: () => [] } } })
    // @ts-expect-error unknown option
    await openCache(catalog, { service: 's', redsi: 'redis://…' })
    // @ts-expect-error who is it?
    await openCache(catalog, {})
  })
})
