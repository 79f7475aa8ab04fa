import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { defineCatalog } from '../../core/catalog.ts'
import { family } from '../../core/family.ts'
import type { FromSource, InvalidateEvent, ReadEvent } from '../../core/outcome.ts'
import { shape } from '../../core/shape.ts'
import { openCache } from '../../open.ts'
import {
  describeWithRedis,
  startOnFreePort,
  type TestRedis,
  testWithRedis,
} from '../../redis/redis-server.test-support.ts'
import { ReloadMeter, rememberedMax } from './reload-meter.ts'

const catalog = defineCatalog('reloaded', {
  item: family('item:{id}', { value: shape<unknown>(), ttl: '1m', tags: () => ['list'] }),
})

describeWithRedis('loads after an invalidation', () => {
  let redis: TestRedis | undefined
  let values: Record<string, unknown>
  let cache: Awaited<ReturnType<typeof opened>>
  let meter: ReloadMeter

  const opened = async () =>
    openCache(catalog, {
      ...{ service: 'api', namespace: 'reloaded', log: false, redis: redis?.url ?? '' },
      sources: { item: async (id: string) => values[id] },
    })
  const readAll = async () => {
    for (const id of ['a', 'b', 'c']) await cache.item.get(id)
  }

  beforeAll(async () => {
    redis = await startOnFreePort()
  })
  afterAll(() => redis?.stop())
  beforeEach(async () => {
    values = { a: { price: 1 }, b: { price: 1 }, c: { price: 1 } }
    cache = await opened()
    await cache.clear()
    meter = new ReloadMeter({ keysPerSample: 1 })
    cache.observe(meter)
    await readAll()
  })
  afterEach(() => cache.close())

  testWithRedis.each<[string, () => Promise<unknown>]>([
    ['keys', () => cache.invalidate(['a', 'b', 'c'].map(cache.item.key), { barrier: true })],
    [
      'a pattern, whose messages name keys',
      () => cache.invalidatePattern('item:?', { barrier: true }),
    ],
  ])('tell what had not changed: %s', async (_what, invalidate) => {
    await invalidate()
    values.a = { price: 2 }
    await readAll()
    expect(meter.counts()).toEqual({ reloads: 3, unchanged: 2 })
  })

  testWithRedis.each<[string, () => Promise<unknown>]>([
    ['a tag', () => cache.invalidateTag('list', { barrier: true })],
    ['a family', () => cache.item.clear({ barrier: true })],
  ])('count for nothing where no key was named: %s', async (_what, invalidate) => {
    await invalidate()
    await readAll()
    expect(meter.counts()).toEqual({ reloads: 0, unchanged: 0 })
  })

  testWithRedis('count for nothing where nothing was invalidated', async () => {
    await cache.item.get('a', { consistency: 'fresh' })
    await readAll()
    expect(meter.counts()).toEqual({ reloads: 0, unchanged: 0 })
  })

  testWithRedis('are not compared with what another process has replaced', async () => {
    const other = await opened()
    try {
      await cache.invalidate([cache.item.key('a')], { barrier: true })
      values.a = { price: 2 }
      await other.item.get('a')
      await cache.item.get('a')
      await cache.invalidate([cache.item.key('a')], { barrier: true })
      await cache.item.get('a')
      expect(meter.counts()).toEqual({ reloads: 0, unchanged: 0 })
    } finally {
      await other.close()
    }
  })
})

/** It was loaded: of what there was, nothing could be proven. */
function loaded(key: string, value: unknown): ReadEvent {
  const outcome: FromSource<unknown> = {
    ...{ from: 'source', why: 'void', stale: false },
    ...{ value, ageMs: 0 },
  }
  return { kind: 'read', family: 'item', id: key, key, priority: 'read', weight: 1, outcome, ms: 1 }
}

/** By its name, and heard of. */
function invalidated(key: string): InvalidateEvent {
  return {
    ...{ kind: 'invalidate', via: 'message', keys: [key], tags: [], origin: 'api', reason: '' },
    ...{ subject: undefined, reached: 1, pending: [], ms: 1 },
  }
}

it('a value that is void after a restart or a failover was not invalidated', () => {
  const meter = new ReloadMeter({ keysPerSample: 1 })
  meter.notify(loaded('a', 1))
  meter.notify(loaded('a', 1))
  expect(meter.counts()).toEqual({ reloads: 0, unchanged: 0 })
})

it('a call that ends after its message was heard is no second invalidation', () => {
  const meter = new ReloadMeter({ keysPerSample: 1 })
  meter.notify(loaded('a', 1))
  meter.notify(invalidated('a'))
  meter.notify(loaded('a', 1))
  meter.notify({ ...invalidated('a'), via: 'call' })
  meter.notify(loaded('a', 1))
  expect(meter.counts()).toEqual({ reloads: 1, unchanged: 1 })
})

it.each<[string, unknown]>([
  ['large', ['x'.repeat(100_001)]],
  ['of many parts', Array.from({ length: 50_000 }, () => 1)],
  ['no JSON', new Map([['a', 1]])],
  ['what JSON refuses', 10n],
])('a value that is %s is not compared', (_what, value) => {
  const meter = new ReloadMeter({ keysPerSample: 1 })
  meter.notify(loaded('a', value))
  meter.notify(invalidated('a'))
  meter.notify(loaded('a', value))
  expect(meter.counts()).toEqual({ reloads: 0, unchanged: 0 })
  expect(meter.size).toBe(0)
})

it('a value is not compared with what was set over it', () => {
  const meter = new ReloadMeter({ keysPerSample: 1 })
  meter.notify(loaded('a', 1))
  meter.notify(invalidated('a'))
  const said = { why: 'stored', origin: 'api', reason: '', ms: 1 } as const
  meter.notify({ kind: 'set', via: 'call', family: 'item', key: 'a', ...said })
  meter.notify(loaded('a', 1))
  expect(meter.counts()).toEqual({ reloads: 0, unchanged: 0 })
})

it('what does not exist is compared too', () => {
  const meter = new ReloadMeter({ keysPerSample: 1 })
  meter.notify(loaded('a', undefined))
  meter.notify(invalidated('a'))
  meter.notify(loaded('a', undefined))
  expect(meter.counts()).toEqual({ reloads: 1, unchanged: 1 })
})

it('so many keys are remembered, and the oldest forgotten', () => {
  const meter = new ReloadMeter({ keysPerSample: 1 })
  for (let id = 0; id < rememberedMax + 5; id++) meter.notify(loaded(`item:${id}`, 1))
  expect(meter.size).toBe(rememberedMax)
  for (const key of ['item:0', `item:${rememberedMax}`]) meter.notify(invalidated(key))
  meter.notify(loaded('item:0', 1))
  expect(meter.counts().reloads).toBe(0)
  meter.notify(loaded(`item:${rememberedMax}`, 1))
  expect(meter.counts().reloads).toBe(1)
})

it('one key of sixteen is remembered', () => {
  const meter = new ReloadMeter()
  for (let id = 0; id < 1_600; id++) meter.notify(loaded(`item:${id}`, 1))
  expect(meter.size).toBeGreaterThan(50)
  expect(meter.size).toBeLessThan(150)
})
