import { describe, expect, test } from 'vitest'
import { defineCatalog } from '../core/catalog.ts'
import { family } from '../core/family.ts'
import { shape } from '../core/shape.ts'
import { ManualSource, openWorld, watch } from './source-world.test-support.ts'

const catalog = defineCatalog('calls', {
  item: family('item:{name}', { value: shape<number>(), ttl: '30s' }),
  other: family('other:{name}', { value: shape<number>(), ttl: '30s' }),
})

describe('at most so many calls of a source', () => {
  test('run at a time; the others wait for their turn, in their order', async () => {
    const source = new ManualSource()
    const { cache, clock } = await openWorld(catalog, {
      sources: { item: { one: source.load, concurrency: 2 } },
    })
    const reads = ['a', 'b', 'c', 'd'].map((name) => cache.item.get(name))
    await clock.advance(1)
    expect(source.ids).toEqual(['a', 'b'])
    expect(cache.stats().sources.item).toEqual({ running: 2, waiting: 2 })
    source.answer(1)
    await clock.advance(1)
    expect(source.ids).toEqual(['a', 'b', 'c'])
    for (const call of [0, 2]) source.answer(call)
    await clock.advance(1)
    source.answer(3)
    expect(await Promise.all(reads)).toEqual([1, 1, 1, 1])
    expect(source.peak).toBe(2)
    expect(cache.stats().sources.item).toEqual({ running: 0, waiting: 0 })
  })

  test('wait; one more is refused with a code, and its key can be read later', async () => {
    const source = new ManualSource()
    const { cache, clock } = await openWorld(catalog, {
      sources: { item: { one: source.load, concurrency: 1, queue: 1 } },
    })
    const [first, second] = ['a', 'b'].map((name) => cache.item.get(name))
    await clock.advance(1)
    await expect(cache.item.get('c')).rejects.toMatchObject({
      code: 'SP_SOURCE_BUSY',
      expected: 'at most 1 calls that run and 1 that wait',
    })
    source.answer(0)
    await first
    const third = cache.item.get('c')
    await clock.advance(1)
    source.answer(1)
    await second
    await clock.advance(1)
    source.answer(2)
    expect(await third).toBe(1)
    await clock.advance(1)
    expect(cache.stats().flights).toBe(0)
  })

  test('wait within their load timeout, and are not called after it', async () => {
    const source = new ManualSource()
    const { cache, clock } = await openWorld(catalog, {
      loadTimeout: '5s',
      sources: { item: { one: source.load, concurrency: 1 } },
    })
    const first = watch(cache.item.get('a'))
    await clock.advance(3_000)
    const second = watch(cache.item.get('b'))
    await clock.advance(2_100)
    expect(first.error).toMatchObject({ code: 'SP_LOAD_TIMEOUT' })
    expect(source.ids).toEqual(['a', 'b'])
    await clock.advance(3_000)
    expect(second.error).toMatchObject({ code: 'SP_LOAD_TIMEOUT' })
    expect(cache.stats().sources.item).toEqual({ running: 0, waiting: 0 })
  })

  test('lose their place when their callers leave', async () => {
    const source = new ManualSource()
    const { cache, clock } = await openWorld(catalog, {
      sources: { item: { one: source.load, concurrency: 1 } },
    })
    void cache.item.get('a').catch(() => {})
    const leaving = new AbortController()
    const left = watch(cache.item.get('b', { signal: leaving.signal }))
    await clock.advance(1)
    leaving.abort()
    await clock.advance(1)
    expect(left.error).toMatchObject({ code: 'SP_ABORTED' })
    expect(cache.stats().sources.item).toEqual({ running: 1, waiting: 0 })
    source.answer(0)
    await clock.advance(1)
    expect(source.ids).toEqual(['a'])
  })
})

describe('a source that may be repeated', () => {
  const flaky = (failures: number) => {
    const calls: number[] = []
    const load = async (_id: string): Promise<number> => {
      calls.push(calls.length)
      if (calls.length <= failures) throw new Error(`failure ${calls.length}`)
      return 7
    }
    return { calls, load }
  }

  test('is asked again after a pause, and the load says how often', async () => {
    const source = flaky(2)
    const { cache, clock, events } = await openWorld(catalog, {
      sources: { item: { one: source.load, idempotent: true, retry: { attempts: 3 } } },
    })
    const read = watch(cache.item.get('a'))
    await clock.advance(1_000)
    expect(read.value).toBe(7)
    expect(events.find(({ kind }) => kind === 'load')).toMatchObject({ attempts: 3 })
  })

  test('fails with its own last error when all attempts have', async () => {
    const source = flaky(9)
    const { cache, clock, events } = await openWorld(catalog, {
      sources: { item: { one: source.load, idempotent: true, retry: { attempts: 2 } } },
    })
    const read = watch(cache.item.get('a'))
    await clock.advance(1_000)
    expect(read.error).toMatchObject({ message: 'failure 2' })
    expect(events.find(({ kind }) => kind === 'load')).toMatchObject({ attempts: 2 })
  })

  test('is not asked again once nobody waits, nor beyond the load timeout', async () => {
    const source = flaky(99)
    const { cache, clock } = await openWorld(catalog, {
      loadTimeout: '2s',
      sources: {
        item: { one: source.load, idempotent: true, retry: { attempts: 10, pause: '1s' } },
      },
    })
    const leaving = new AbortController()
    const left = watch(cache.item.get('a', { signal: leaving.signal }))
    await clock.advance(0.1)
    leaving.abort()
    await clock.advance(5_000)
    expect(left.error).toMatchObject({ code: 'SP_ABORTED' })
    expect(source.calls).toHaveLength(1)
    const read = watch(cache.item.get('b'))
    await clock.advance(2_001)
    expect(read.error).toMatchObject({ message: expect.stringMatching('failure') })
    const { length } = source.calls
    await clock.advance(10_000)
    expect(source.calls).toHaveLength(length)
  })

  test('is asked once where it is not declared so', async () => {
    const source = flaky(1)
    const { cache } = await openWorld(catalog, { sources: { item: { one: source.load } } })
    await expect(cache.item.get('a')).rejects.toThrow('failure 1')
    expect(source.calls).toHaveLength(1)
  })
})

describe('whatever a source gives back', () => {
  const twice = {
    then(resolve: (value: number) => void) {
      resolve(1)
      resolve(2)
    },
  }
  const detoured = Object.assign(Promise.resolve(1), {
    then() {
      throw new Error('a detour')
    },
  })

  test.each([
    ['a value', () => 1],
    ['a promise', async () => 1],
    ['what resolves twice', () => twice],
    ['a promise with another way to it', () => detoured],
  ])('%s is its answer', async (_, give) => {
    const { cache } = await openWorld(catalog, { sources: { item: give as () => Promise<number> } })
    expect(await cache.item.get('a')).toBe(1)
    await cache.settled()
    expect(cache.stats().flights).toBe(0)
    expect(cache.stats().sources.item).toEqual({ running: 0, waiting: 0 })
  })

  test.each([
    ['throws at once', () => raise()],
    ['rejects', async () => raise()],
  ])('one that %s fails its callers, and can be asked again', async (_, give) => {
    const { cache } = await openWorld(catalog, { sources: { item: give as () => Promise<number> } })
    await expect(cache.item.get('a')).rejects.toThrow('at once')
    await expect(cache.item.get('a')).rejects.toThrow('at once')
    await cache.settled()
    expect(cache.stats().flights).toBe(0)
    expect(cache.stats().sources.item).toEqual({ running: 0, waiting: 0 })
  })
})

function raise(): never {
  throw new Error('at once')
}
