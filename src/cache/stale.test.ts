/** What is served past a TTL, by whom it is loaded anew, and what is never served. */
import { describe, expect, test } from 'vitest'
import { Deferred } from '../base/deferred.ts'
import { useWorld } from './aging-world.test-support.ts'
import { refreshesMax } from './refresher.ts'

const failure = new Error('the source is down')
const failing = async () => {
  throw failure
}

describe('within staleWhileRevalidate', () => {
  const world = useWorld({ staleWhileRevalidate: '20s' })

  test('the old value is served at once, and loaded anew', async () => {
    const { item } = await world().open()
    await item.get('a')
    await world().pass(10_000)
    const stale = { from: 'stale', why: 'revalidating', stale: true, value: 1 }
    expect(await item.lookup('a')).toMatchObject(stale)
    await world().pass(0)
    expect(await item.lookup('a')).toMatchObject({ from: 'memory', why: 'fresh', value: 2 })
    expect(world().loads).toBe(2)
  })

  test('many readers begin one load', async () => {
    const { item } = await world().open()
    await item.get('a')
    await world().pass(10_000)
    const done = new Deferred<number>()
    world().load = () => done.promise
    const values = await Promise.all(Array.from({ length: 50 }, () => item.get('a')))
    await world().pass(1_000)
    expect(await item.getMany(['a', 'a'])).toEqual([1, 1])
    expect(new Set(values)).toEqual(new Set([1]))
    expect(world().loads).toBe(2)
    done.resolve(7)
    await world().pass(0)
    expect(await item.get('a')).toBe(7)
  })

  test('no more values than the bound are loaded anew at a time', async () => {
    const { cache, item } = await world().open()
    const ids = Array.from({ length: refreshesMax + 1 }, (_, at) => `k${at}`)
    await world().after(1, item.getMany(ids))
    await world().pass(10_000)
    world().load = () => new Promise(() => {})
    expect(await item.getMany(ids)).toHaveLength(ids.length)
    await world().pass(1)
    const { running = 0, waiting = 0 } = cache.stats().sources.item ?? {}
    expect(running + waiting).toBe(refreshesMax)
  })

  test('of many processes one loads, and all have its value', async () => {
    const items = []
    for (let process = 0; process < 5; process++) items.push((await world().open()).item)
    for (const item of items) await item.get('a')
    await world().pass(10_000)
    const done = new Deferred<number>()
    world().load = () => done.promise
    for (const item of items) expect(await item.get('a')).toBe(1)
    await world().pass(1_000)
    for (const item of items) expect(await item.get('a')).toBe(1)
    done.resolve(7)
    await world().pass(0)
    await world().pass(1_000)
    for (const item of items) await item.get('a')
    await world().pass(100)
    for (const item of items) expect(await item.get('a')).toBe(7)
    expect(world().loads).toBe(2)
  })

  test('a load that is slower than a lease stays the only one', async () => {
    const { item } = await world().open()
    const { item: other } = await world().open()
    for (const one of [item, other]) await one.get('a')
    await world().pass(10_000)
    world().load = () => new Promise(() => {})
    await item.get('a')
    for (let second = 0; second < 9; second++) {
      await world().pass(1_000)
      expect(await other.get('a')).toBe(1)
    }
    expect(world().loads).toBe(2)
  })

  test('a process that died while it loaded is replaced when its lock has run out', async () => {
    const { item } = await world().open()
    await item.get('a')
    await world().pass(10_000)
    const { partition, nowMs } = world().server.step(0)
    partition.locks.put('r:item:a', 'of the dead|0000000000000001', { lifeMs: 5_000, nowMs })
    await item.get('a')
    await world().pass(4_900)
    expect(await item.get('a')).toBe(1)
    await world().pass(600)
    expect(world().loads).toBe(1)
    await item.get('a')
    await world().pass(0)
    expect(await item.get('a')).toBe(2)
  })

  test('a process without memory serves what Redis has, and has it loaded anew', async () => {
    const { item } = await world().open({ hasMemory: false })
    await world().after(1_000, item.get('a'))
    await world().pass(10_000)
    expect(await world().after(0, item.lookup('a'))).toMatchObject({ from: 'stale', value: 1 })
    await world().pass(100)
    expect(await world().after(0, item.lookup('a'))).toMatchObject({ from: 'redis', value: 2 })
  })

  test('a process without the source serves it, and loads nothing', async () => {
    const { item: loader } = await world().open()
    const { item } = await world().open({ hasSource: false })
    await loader.get('a')
    await world().pass(10_000)
    expect(await item.lookup('a')).toMatchObject({ from: 'stale', value: 1 })
    await world().pass(1_000)
    expect(world().loads).toBe(1)
  })

  test('peek gives nothing stale', async () => {
    const { item } = await world().open()
    await item.get('a')
    await world().pass(10_000)
    expect(item.peek('a')).toBeUndefined()
    await world().pass(1_000)
    expect(world().loads).toBe(1)
  })

  test('a strict read takes what Redis proves, and has it loaded anew', async () => {
    const { item } = await world().open()
    await item.get('a')
    await world().pass(10_000)
    const strict = await world().after(0, item.lookup('a', { consistency: 'strict' }))
    expect(strict).toMatchObject({ from: 'stale', value: 1 })
    await world().pass(100)
    expect(await item.lookup('a')).toMatchObject({ from: 'memory', value: 2 })
  })

  test('an invalidation while it is loaded anew wins', async () => {
    const { item } = await world().open()
    const { item: other } = await world().open()
    await item.get('a')
    await world().pass(10_000)
    const done = new Deferred<number>()
    world().load = () => done.promise
    await item.get('a')
    await world().pass(100)
    await world().after(0, other.invalidate(['a']))
    done.resolve(2)
    await world().pass(100)
    world().load = async () => 3
    expect(await world().after(0, item.get('a'))).toBe(3)
    expect(await world().after(0, other.get('a'))).toBe(3)
  })

  test.each([
    ['its key', (one: { invalidate(ids: string[]): Promise<unknown> }) => one.invalidate(['a'])],
    ['its family', (one: { clear(): Promise<unknown> }) => one.clear()],
  ])('nothing is served of which %s was invalidated', async (_, invalidate) => {
    const { item } = await world().open()
    const { item: other } = await world().open()
    await item.get('a')
    await world().pass(10_000)
    await world().after(10, invalidate(other))
    expect(await world().after(0, item.lookup('a'))).toMatchObject({ from: 'source', value: 2 })
  })

  test('what memory holds without trust is proven before it is served', async () => {
    const { item } = await world().open()
    await item.get('a')
    await world().pass(10_000)
    world().server.restart('lost')
    await world().pass(100)
    expect(await world().after(0, item.lookup('a'))).toMatchObject({ from: 'source', value: 2 })
  })

  test('a value that memory still holds and Redis has lost is replaced', async () => {
    const { item } = await world().open()
    await item.get('a')
    await world().pass(10_000)
    world().server.evict('item:a')
    expect(await item.get('a')).toBe(1)
    await world().pass(0)
    expect(await item.lookup('a')).toMatchObject({ from: 'memory', value: 2 })
  })

  test('when it is over, a read waits for the load', async () => {
    const { item } = await world().open()
    await item.get('a')
    await world().pass(30_000)
    expect(await world().after(0, item.lookup('a'))).toMatchObject({ from: 'source', value: 2 })
  })

  test('a load that fails is repeated after a pause, and the old value stays', async () => {
    const { item } = await world().open()
    await item.get('a')
    await world().pass(10_000)
    world().load = failing
    await item.get('a')
    await world().pass(100)
    for (let read = 0; read < 20; read++) {
      expect(await item.lookup('a')).toMatchObject({ from: 'stale', why: 'sourceFailed' })
    }
    await world().pass(100)
    expect(world().loads).toBe(2)
    world().load = async () => 9
    await world().pass(1_000)
    await item.get('a')
    await world().pass(0)
    expect(await item.get('a')).toBe(9)
  })
})
