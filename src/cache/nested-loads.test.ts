import { describe, expect, test } from 'vitest'
import { Deferred } from '../base/deferred.ts'
import { defineCatalog } from '../core/catalog.ts'
import { family } from '../core/family.ts'
import { shape } from '../core/shape.ts'
import { openWorld, watch } from './source-world.test-support.ts'

const catalog = defineCatalog('nested', {
  item: family('item:{name}', { value: shape<number>(), ttl: '30s' }),
  other: family('other:{name}', { value: shape<number>(), ttl: '30s' }),
  aging: family('aging:{name}', { value: shape<number>(), ttl: '2s', staleIfError: '20s' }),
})

/** More than are loaded at a time. */
const leaves = Array.from({ length: 20 }, (_, leaf) => `leaf ${leaf}`)

describe('a source that needs what waits for its turn behind it', () => {
  test('loads it for itself, instead of waiting until its load timeout', async () => {
    const { cache, clock } = await openWorld(catalog, {
      sources: { item: (name): Promise<number> => sum(name) },
    })
    const sum = async (name: string): Promise<number> =>
      name === 'root' ? 1 : Number(await cache.item.get('root')) + 1
    const read = watch(cache.item.getMany([...leaves, 'root']))
    await clock.advance(4_000)
    expect(read.value).toEqual([...leaves.map(() => 2), 1])
  })

  test('does so where an old value of it is in its grace', async () => {
    const { cache, clock } = await openWorld(catalog, {
      sources: { aging: (name): Promise<number> => sum(name) },
    })
    const sum = async (name: string): Promise<number> =>
      name === 'root' ? 1 : Number(await cache.aging.get('root')) + 1
    await cache.aging.get('root')
    await clock.advance(3_000)
    const read = watch(cache.aging.getMany([...leaves, 'root']))
    await clock.advance(4_000)
    expect(read.value).toEqual([...leaves.map(() => 2), 1])
  })

  test('and two batches that need each other without a cycle end in time', async () => {
    const needs: Readonly<Record<string, string>> = { a: 'b', d: 'c' }
    const { cache, clock } = await openWorld(catalog, {
      sources: { item: { many: (names): Promise<number[]> => Promise.all(names.map(load)) } },
    })
    const load = async (name: string): Promise<number> => {
      await new Promise<void>((resolve) => clock.timer(10, resolve))
      const needed = needs[name]
      return needed === undefined ? 1 : Number(await cache.item.get(needed)) + 1
    }
    const one = watch(cache.item.getMany(['a', 'c']))
    await clock.advance(1)
    const two = watch(cache.item.getMany(['b', 'd']))
    await clock.advance(6_000)
    expect([one.value, two.value]).toEqual([
      [2, 1],
      [1, 2],
    ])
  })

  test('is not held up by the places that its own callers have taken', async () => {
    const { cache, clock } = await openWorld(catalog, {
      sources: { item: { concurrency: 2, one: (name): Promise<number> => sum(name) } },
    })
    const sum = async (name: string): Promise<number> =>
      name.length > 3 ? 1 : Number(await cache.item.get(`${name} parent`)) + 1
    const reads = ['a', 'b'].map((name) => watch(cache.item.get(name)))
    await clock.advance(1_000)
    expect(reads.map(({ value }) => value)).toEqual([2, 2])
    expect(cache.stats().sources.item).toEqual({ running: 0, waiting: 0 })
  })
})

describe('a slow value that many sources need', () => {
  test('is loaded once', async () => {
    let loads = 0
    const { cache, clock } = await openWorld(catalog, {
      sources: {
        item: async (name): Promise<number> => Number(await cache.other.get('slow')) + name.length,
        other: async () => {
          await new Promise<void>((resolve) => clock.timer(4_000, resolve))
          return ++loads
        },
      },
    })
    const reads = leaves.map((name) => watch(cache.item.get(name)))
    await clock.advance(6_000)
    expect(reads.every(({ value }) => value !== undefined)).toBe(true)
    expect(loads).toBe(1)
  })
})

describe('what a source has left running', () => {
  test.each(['a', 'z'])('reads %s as anybody does when its load has ended', async (name) => {
    const [gate, hold] = [new Deferred<void>(), new Deferred<number>()]
    let left: ReturnType<typeof watch> | undefined
    const { cache, clock } = await openWorld(catalog, {
      sources: {
        item: async (id) => {
          if (id === 'slow') return hold.promise
          left ??= watch(gate.promise.then(() => cache.item.get(name)))
          return 1
        },
      },
    })
    await cache.item.get('a')
    await clock.advance(20_000)
    // While another load runs, the scope of loads is in use.
    const slow = watch(cache.item.get('slow'))
    await clock.advance(10)
    gate.resolve()
    await clock.advance(10)
    hold.resolve(1)
    await clock.advance(10)
    expect([left?.value, left?.error, slow.value]).toEqual([1, undefined, 1])
  })
})

describe('a source that works when it is awaited', () => {
  /** As a query builder is: nothing happens before somebody waits for it. */
  function lazily<T>(work: () => Promise<T>): Promise<T> {
    return {
      then: (done: (value: T) => void, failed: () => void) => work().then(done, failed),
    } as Promise<T>
  }

  test('is in its scope: asking for its own key is a cycle', async () => {
    const { cache, clock } = await openWorld(catalog, {
      sources: {
        item: (name): Promise<number> => lazily(async () => Number(await cache.item.get(name))),
      },
    })
    const read = watch(cache.item.get('a'))
    await clock.advance(100)
    expect(read.error).toMatchObject({ code: 'SP_LOAD_CYCLE' })
  })

  test('is proven what it reads', async () => {
    const whys: string[] = []
    const { cache } = await openWorld(catalog, {
      sources: {
        item: async () => 1,
        other: (name): Promise<number> => lazily(() => looked(name)),
      },
    })
    const looked = async (name: string): Promise<number> => {
      const { why, value } = await cache.item.lookup(name)
      whys.push(why)
      return value ?? 0
    }
    await cache.item.get('a')
    await cache.settled()
    await cache.other.get('a')
    expect(whys).toEqual(['revalidated'])
  })
})
