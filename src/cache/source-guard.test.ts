import { describe, expect, test } from 'vitest'
import type { Duration } from '../base/duration.ts'
import type { BreakerOptions } from '../core/breaker-policy.ts'
import { defineCatalog } from '../core/catalog.ts'
import { family } from '../core/family.ts'
import { shape } from '../core/shape.ts'
import { ManualSource, openWorld, type SourceWorld, watch } from './source-world.test-support.ts'

const catalog = defineCatalog('guards', {
  market: family('market:{name}', { value: shape<number>(), ttl: '30s' }),
  price: family('price:{name}', { value: shape<number>(), ttl: '30s' }),
  user: family('user:{name}', { value: shape<number>(), ttl: '30s' }),
  slow: family('slow:{name}', { value: shape<number>(), ttl: '30s', loadTimeout: '1s' }),
})
const documented: BreakerOptions = { consecutive: 3, openFor: '60s', trials: 3 }
const resilience = { dependencies: { provider: documented } }

/** Two families ask one dependency, a third another one. */
class Services {
  isDown = true
  readonly calls: string[] = []
  readonly load = async (name: string): Promise<number> => {
    this.calls.push(name)
    if (this.isDown) throw new Error('down')
    return 5
  }

  open() {
    return openWorld(catalog, {
      resilience,
      sources: {
        market: { one: this.load, dependency: 'provider' },
        price: { one: this.load, dependency: 'provider' },
        user: this.load,
      },
    })
  }
}

const failThrice = async ({ cache }: SourceWorld<typeof catalog.families>) => {
  for (const name of ['a', 'b', 'c']) {
    await expect(cache.market.get(name)).rejects.toThrow('down')
  }
}

describe('the breaker of a dependency', () => {
  test('open, refuses every family that asks it, and says for how long', async () => {
    const services = new Services()
    const world = await services.open()
    await failThrice(world)
    for (const read of [world.cache.market.get('d'), world.cache.price.get('d')]) {
      await expect(read).rejects.toMatchObject({
        code: 'SP_SOURCE_UNAVAILABLE',
        message: expect.stringContaining('dependency:provider'),
        retryAfterMs: expect.any(Number),
      })
    }
    expect(services.calls).toEqual(['a', 'b', 'c'])
    expect(await world.cache.price.lookup('e')).toMatchObject({ from: 'none', why: 'refused' })
  })

  test('leaves what asks something else alone', async () => {
    const services = new Services()
    const world = await services.open()
    await failThrice(world)
    services.isDown = false
    expect(await world.cache.user.get('a')).toBe(5)
  })

  test('lets three trials through after a minute, and closes when they succeed', async () => {
    const services = new Services()
    const world = await services.open()
    await failThrice(world)
    services.isDown = false
    await world.clock.advance(59_000)
    await expect(world.cache.market.get('d')).rejects.toMatchObject({
      retryAfterMs: expect.any(Number),
    })
    await world.clock.advance(8_000)
    for (const name of ['d', 'e', 'f']) expect(await world.cache.price.get(name)).toBe(5)
    expect(world.cache.stats().breakers['dependency:provider']).toMatchObject({
      state: 'closed',
      failures: 3,
      rejected: 1,
      recoveryAttempts: 3,
      recoveries: 1,
    })
    expect(world.events.filter(({ kind }) => kind === 'breaker')).toMatchObject([
      { breaker: 'dependency:provider', before: 'closed', state: 'open' },
      { breaker: 'dependency:provider', before: 'open', state: 'halfOpen' },
      { breaker: 'dependency:provider', before: 'halfOpen', state: 'closed' },
    ])
  })

  test('is changed at run time', async () => {
    const services = new Services()
    const { cache } = await services.open()
    cache.configureBreaker('dependency:provider', { consecutive: 1 })
    await expect(cache.market.get('a')).rejects.toThrow('down')
    await expect(cache.price.get('a')).rejects.toMatchObject({ code: 'SP_SOURCE_UNAVAILABLE' })
  })

  test('that does not exist can not be changed', async () => {
    const { cache } = await new Services().open()
    expect(() => cache.configureBreaker('dependency:provder', {})).toThrow("'dependency:provider'")
  })
})

test('a family has a breaker of its own, which opens by the share of its failures', async () => {
  const services = new Services()
  const { cache } = await services.open()
  for (let call = 0; call < 20; call++) {
    await expect(cache.user.get(`u${call}`)).rejects.toThrow('down')
  }
  await expect(cache.user.get('a')).rejects.toMatchObject({
    code: 'SP_SOURCE_UNAVAILABLE',
    message: expect.stringContaining('family:user'),
  })
})

describe('no failure of a dependency is', () => {
  const alone = (source: ManualSource, loadTimeout: Duration = '5s') =>
    openWorld(catalog, {
      loadTimeout,
      resilience: { families: { user: { consecutive: 1 } } },
      sources: { user: source.load },
    })
  const failures = ({ cache }: SourceWorld<typeof catalog.families>) =>
    cache.stats().breakers['family:user']?.failures

  test('a caller that leaves', async () => {
    const source = new ManualSource()
    const world = await alone(source)
    const leaving = new AbortController()
    const left = watch(world.cache.user.get('a', { signal: leaving.signal }))
    await world.clock.advance(1)
    leaving.abort()
    source.fail(0, new Error('aborted'))
    await world.clock.advance(1)
    expect(left.error).toMatchObject({ code: 'SP_ABORTED' })
    expect(failures(world)).toBe(0)
  })

  test('the close of the cache', async () => {
    const world = await alone(new ManualSource())
    const read = watch(world.cache.user.get('a'))
    await world.clock.advance(1)
    const closed = world.cache.close()
    await world.clock.advance(3_000)
    await closed
    expect(read.error).toMatchObject({ code: 'SP_CLOSED' })
    expect(failures(world)).toBe(0)
  })

  test('an error of ours that comes through its source', async () => {
    const source = new ManualSource()
    const world: SourceWorld<typeof catalog.families> = await openWorld(catalog, {
      resilience: { families: { user: { consecutive: 1 } } },
      sources: {
        user: async (name) => (await world.cache.market.get(name)) ?? 0,
        market: { one: source.load, concurrency: 1, queue: 0 },
      },
    })
    void world.cache.market.get('a').catch(() => {})
    await world.clock.advance(1)
    await expect(world.cache.user.get('b')).rejects.toMatchObject({ code: 'SP_SOURCE_BUSY' })
    expect(failures(world)).toBe(0)
  })

  test('a load timeout of another family that comes through its source', async () => {
    const world: SourceWorld<typeof catalog.families> = await openWorld(catalog, {
      resilience: { families: { user: { consecutive: 1 } } },
      sources: {
        user: async (name) => (await world.cache.slow.get(name)) ?? 0,
        slow: new ManualSource().load,
      },
    })
    const read = watch(world.cache.user.get('a'))
    await world.clock.advance(1_001)
    expect(read.error).toMatchObject({ code: 'SP_LOAD_TIMEOUT', family: 'slow' })
    expect(failures(world)).toBe(0)
  })

  test('one that its author says is none', async () => {
    const refused = new RangeError('no such id')
    const world = await openWorld(catalog, {
      resilience: { families: { user: { consecutive: 1 } } },
      sources: {
        user: {
          one: () => Promise.reject(refused),
          isFailure: (error) => !(error instanceof RangeError),
        },
      },
    })
    await expect(world.cache.user.get('a')).rejects.toBe(refused)
    await expect(world.cache.user.get('b')).rejects.toBe(refused)
  })

  test('but a load timeout is one', async () => {
    const world = await alone(new ManualSource(), '1s')
    const read = watch(world.cache.user.get('a'))
    await world.clock.advance(1_001)
    expect(read.error).toMatchObject({ code: 'SP_LOAD_TIMEOUT' })
    expect(failures(world)).toBe(1)
    await expect(world.cache.user.get('b')).rejects.toMatchObject({ code: 'SP_SOURCE_UNAVAILABLE' })
  })
})
