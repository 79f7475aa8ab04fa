/** What is served where a load fails, or is slow, and what is not. */
import { describe, expect, test } from 'vitest'
import { Deferred } from '../base/deferred.ts'
import { type Process, useWorld } from './aging-world.test-support.ts'

const failure = new Error('the source is down')
const failing = async () => {
  throw failure
}

describe('within staleIfError', () => {
  const world = useWorld({ staleIfError: '1m' })

  test('a read waits for the load', async () => {
    const { item } = await world().open()
    await item.get('a')
    await world().pass(10_000)
    const outcome = await world().after(0, item.lookup('a'))
    expect(outcome).toMatchObject({ from: 'source', why: 'expired', value: 2 })
  })

  test('of many processes one loads, and the others wait for it', async () => {
    const items = []
    for (let process = 0; process < 5; process++) items.push((await world().open()).item)
    for (const item of items) await item.get('a')
    await world().pass(10_000)
    const done = new Deferred<number>()
    world().load = () => done.promise
    const reads = items.map((item) => item.get('a'))
    await world().pass(1_000)
    done.resolve(7)
    await world().pass(1_000)
    expect(await Promise.all(reads)).toEqual([7, 7, 7, 7, 7])
    expect(world().loads).toBe(2)
  })

  test.each([true, false])('the old value is served where the load fails', async (hasMemory) => {
    const { item } = await world().open({ hasMemory })
    await world().after(0, item.get('a'))
    await world().pass(10_000)
    world().load = failing
    const stale = { from: 'stale', why: 'sourceFailed', value: 1 }
    expect(await world().after(0, item.lookup('a'))).toMatchObject(stale)
  })

  test.each([true, false])('explain says when the old value is served', async (hasMemory) => {
    const { cache, item } = await world().open({ hasMemory })
    const next = async () => (await world().after(0, cache.explain('item:a'))).next
    await world().after(0, item.get('a'))
    await world().pass(10_000)
    expect(await next()).toBe('source')
    world().load = failing
    await world().after(0, item.get('a'))
    expect(await next()).toBe('stale')
    await world().pass(2_000)
    expect(await next()).toBe('source')
  })

  test.each([true, false])('after a failure nobody is asked for a while', async (hasMemory) => {
    const { item } = await world().open({ hasMemory })
    const { item: other } = await world().open({ hasMemory })
    for (const one of [item, other]) await world().after(0, one.get('a'))
    await world().pass(10_000)
    world().load = failing
    for (const one of [item, item, item]) expect(await world().after(0, one.get('a'))).toBe(1)
    expect(world().loads).toBe(2)
    await world().pass(2_000)
    expect(await world().after(0, item.get('a'))).toBe(1)
    expect(world().loads).toBe(3)
    world().load = async () => 5
    await world().pass(5_000)
    expect(await world().after(0, item.get('a'))).toBe(5)
    expect(await world().after(1_000, other.get('a'))).toBe(5)
  })

  test('nobody is held up by a failure in another process', async () => {
    const { item } = await world().open()
    const { item: other } = await world().open()
    for (const one of [item, other]) await one.get('a')
    await world().pass(10_000)
    world().load = failing
    for (const one of [item, other, item, other]) {
      expect(await world().after(0, one.get('a'))).toBe(1)
    }
    expect(world().loads).toBe(3)
  })

  test('nothing is served of what was invalidated: the error goes through', async () => {
    const { item } = await world().open()
    await item.get('a')
    await world().after(0, item.invalidate(['a']))
    world().load = failing
    await expect(world().after(0, item.get('a'))).rejects.toBe(failure)
  })

  test('an invalidation while the load runs takes the old value away', async () => {
    const { item } = await world().open()
    await item.get('a')
    await world().pass(10_000)
    const done = new Deferred<number>()
    world().load = () => done.promise
    const reading = item.get('a')
    reading.catch(() => {})
    await world().pass(100)
    await world().after(0, item.invalidate(['a']))
    done.reject(failure)
    await expect(world().after(0, reading)).rejects.toBe(failure)
  })

  test('refresh and fresh reads reject, and the old value stays', async () => {
    const { item } = await world().open()
    await item.get('a')
    await world().pass(10_000)
    world().load = failing
    await expect(world().after(0, item.refresh('a'))).rejects.toBe(failure)
    const fresh = item.get('a', { consistency: 'fresh' })
    await expect(world().after(0, fresh)).rejects.toBe(failure)
    expect(await world().after(0, item.get('a'))).toBe(1)
  })

  test('when it is over, the error goes through', async () => {
    const { item } = await world().open()
    await item.get('a')
    world().load = failing
    await world().pass(70_000)
    await expect(world().after(0, item.get('a'))).rejects.toBe(failure)
  })
})

describe('with a soft timeout', () => {
  const world = useWorld({ staleIfError: '1m', softTimeout: '200ms', loadTimeout: '5s' })

  test.each([true, false])(
    'an old value is taken then, and the load goes on',
    async (hasMemory) => {
      const { item } = await world().open({ hasMemory })
      await world().after(0, item.get('a'))
      await world().pass(10_000)
      const done = new Deferred<number>()
      world().load = () => done.promise
      const reading = item.lookup('a', { timeout: '1s' })
      await world().pass(199)
      expect(world().loads).toBe(2)
      const slow = { from: 'stale', why: 'softTimeout', value: 1 }
      expect(await world().after(2, reading)).toMatchObject(slow)
      await world().pass(3_000)
      done.resolve(8)
      await world().pass(0)
      expect(await world().after(0, item.get('a'))).toBe(8)
      expect(world().loads).toBe(2)
    },
  )

  test('whoever waits for the load of another process takes it too', async () => {
    const { item } = await world().open()
    const { item: other } = await world().open()
    for (const one of [item, other]) await one.get('a')
    await world().pass(10_000)
    world().load = () => new Promise(() => {})
    const reads = [item.lookup('a'), other.lookup('a')]
    await world().pass(201)
    for (const read of reads) expect(await read).toMatchObject({ why: 'softTimeout', value: 1 })
    expect(world().loads).toBe(2)
  })

  test('without an old value a caller waits for the load', async () => {
    const { item } = await world().open()
    const done = new Deferred<number>()
    world().load = () => done.promise
    const reading = item.get('a')
    await world().pass(1_000)
    done.resolve(8)
    expect(await world().after(0, reading)).toBe(8)
  })

  test('a load ends at the timeout of the family', async () => {
    const { item } = await world().open()
    world().load = () => new Promise(() => {})
    const reading = item.get('a')
    reading.catch(() => {})
    await world().pass(5_000)
    await expect(world().after(1, reading)).rejects.toMatchObject({ code: 'SP_LOAD_TIMEOUT' })
  })
})

describe('an old value behind a source that fails', () => {
  const world = useWorld({ staleIfError: '1m' })

  test('a strict reader is not answered by memory, whomever it shares a look with', async () => {
    const { item } = await world().open()
    await item.get('a')
    await world().pass(10_000)
    world().load = failing
    world().server.evict('item:a')
    const [bounded, strict] = await world().after(100, both(item))
    expect(bounded).toMatchObject({ from: 'stale', value: 1 })
    expect(strict).toMatchObject({ from: 'none', error: failure })
  })

  test('a load that succeeds ends the pause of its key', async () => {
    const { item } = await world().open()
    await item.get('a')
    await world().pass(10_000)
    world().load = failing
    for (let failures = 0; failures < 5; failures++) {
      await world().after(100, item.lookup('a'))
      await world().pass(8_000)
    }
    world().load = async () => 9
    await world().after(10, item.invalidate(['a']))
    expect(await world().after(10, item.lookup('a'))).toMatchObject({ from: 'source', value: 9 })
    await world().pass(10_000)
    expect(await world().after(10, item.lookup('a'))).toMatchObject({ from: 'source', value: 9 })
  })
})

const both = (item: Process['item']) =>
  Promise.all([item.lookup('a'), item.lookup('a', { consistency: 'strict' })])
