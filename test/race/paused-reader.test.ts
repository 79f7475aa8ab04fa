/**
 * As slow-reader.test.ts, with a reader whose process stands still (SIGSTOP) with the old
 * value in its hands: after the load, before the store.
 */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { describeWithRedis } from '../servers/redis.ts'
import { Arena, trustMs, type WorkerPeer } from './arena.ts'
import type { RaceFamily } from './catalog.ts'
import { expectPromiseKept } from './expect-promise.ts'
import { monotonicMs, type Reading } from './reading.ts'

describeWithRedis('a reader stopped between load and store', () => {
  let arena: Arena
  let reader: WorkerPeer
  let writer: WorkerPeer
  let id: number

  beforeAll(async () => {
    arena = await Arena.open()
    ;[reader, writer] = await Promise.all([arena.worker(), arena.worker()])
  })
  afterAll(() => arena.close())
  beforeEach(() => {
    id = arena.nextId()
    for (const family of ['item', 'ordered'] as const) arena.database.write(family, id, 1)
  })

  /** The database's answer is on its way to the reader when that stops, and waits there. */
  async function stopWithOldValue(
    family: RaceFamily,
    read: () => Promise<Reading | Reading[]>,
    write: () => Promise<number>,
  ): Promise<number> {
    const held = arena.database.holdNext(family, id)
    const slow = read()
    await held.taken
    reader.pause()
    held.release()
    for (const each of ['item', 'ordered'] as const) arena.database.write(each, id, 2)
    const resolvedMs = await write()
    reader.resume()
    await slow
    await reader.call('settled')
    return resolvedMs
  }
  const invalidate = (family: RaceFamily) => async () =>
    (await writer.call('invalidate', family, [id])).resolvedMs

  it('does not store the old value', async () => {
    const read = () => reader.call('read', 'item', id)
    const resolvedMs = await stopWithOldValue('item', read, invalidate('item'))
    expect(await arena.slot('item', id)).toBeNull()
    await expectPromiseKept([reader, writer], { family: 'item', id, version: 2, resolvedMs })
  })

  it('does not store the old value of a batch', async () => {
    const read = () => reader.call('readMany', 'item', [arena.nextId(), id, arena.nextId()])
    const resolvedMs = await stopWithOldValue('item', read, invalidate('item'))
    expect(await arena.slot('item', id)).toBeNull()
    await expectPromiseKept([reader, writer], { family: 'item', id, version: 2, resolvedMs })
  })

  it('does not store what is older than an ordered set', async () => {
    const read = () => reader.call('read', 'ordered', id)
    const resolvedMs = await stopWithOldValue('ordered', read, async () => {
      await writer.call('set', 'ordered', id, 2)
      return monotonicMs()
    })
    await expectPromiseKept([reader, writer], { family: 'ordered', id, version: 2, resolvedMs })
  })

  it('does not store a derived value made from the old one', async () => {
    const read = () => reader.call('read', 'derived', id)
    const resolvedMs = await stopWithOldValue(
      'derived',
      read,
      async () => (await writer.call('invalidateWithDerived', id)).resolvedMs,
    )
    await expectPromiseKept([reader, writer], { family: 'derived', id, version: 2, resolvedMs })
  })

  it('does not put it over the value that another process has loaded meanwhile', async () => {
    const read = () => reader.call('read', 'item', id)
    const resolvedMs = await stopWithOldValue('item', read, async () => {
      const { resolvedMs } = await writer.call('invalidate', 'item', [id])
      expect((await writer.call('read', 'item', id)).version).toBe(2)
      return resolvedMs
    })
    await expectPromiseKept([reader, writer], { family: 'item', id, version: 2, resolvedMs })
    expect(arena.database.loads('item', id)).toBe(2)
  })

  it('does not serve from memory what was invalidated while it stood still', async () => {
    await reader.call('read', 'item', id)
    await reader.call('settled')
    expect((await reader.call('read', 'item', id)).from).toBe('memory')
    reader.pause()
    arena.database.write('item', id, 2)
    const { resolvedMs } = await writer.call('invalidate', 'item', [id])
    await writer.call('readUntil', 'item', id, resolvedMs + trustMs * 1.001)
    const first = reader.call('read', 'item', id)
    reader.resume()
    expect((await first).version).toBe(2)
  })

  it('loses its lease to another process, and can store nothing when it goes on', async () => {
    const lease = { leaseTtlMs: 500 }
    const [slow, other] = await Promise.all([arena.worker(lease), arena.worker(lease)])
    const held = arena.database.holdNext('item', id)
    const first = slow.call('read', 'item', id)
    await held.taken
    slow.pause()
    held.release()
    arena.database.write('item', id, 2)
    const second = await other.call('read', 'item', id)
    expect(second).toMatchObject({ version: 2, why: 'leaseExpired' })
    const resolvedMs = monotonicMs()
    await other.call('settled')
    slow.resume()
    await first
    await slow.call('settled')
    await expectPromiseKept([other, writer], { family: 'item', id, version: 2, resolvedMs })
    expect((await slow.call('read', 'item', id, { consistency: 'strict' })).version).toBe(2)
  })
})
