/**
 * A reader that took its value before a write can't put it back after the invalidation, in
 * whatever process it runs and however the value comes about.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeWithRedis } from '../servers/redis.ts'
import { Arena, type Peer } from './arena.ts'
import { expectPromiseKept } from './expect-promise.ts'
import { monotonicMs } from './reading.ts'

interface Pair {
  readonly arena: Arena
  /** Reads slowly. */
  readonly reader: Peer
  /** Writes and invalidates. */
  readonly writer: Peer
}

describeWithRedis('on Redis, reader and writer in one process', () => {
  tellSlowReaderTests(async () => {
    const arena = await Arena.open()
    const peer = await arena.worker()
    return { arena, reader: peer, writer: peer }
  })
})

describeWithRedis('on Redis, reader and writer in two processes', () => {
  tellSlowReaderTests(async () => {
    const arena = await Arena.open()
    const [reader, writer] = await Promise.all([arena.worker(), arena.worker()])
    return { arena, reader, writer }
  })
})

describe('embedded, one cache', () => {
  tellSlowReaderTests(async () => {
    const arena = await Arena.open('embedded')
    const peer = await arena.local()
    return { arena, reader: peer, writer: peer }
  })
})

describe('embedded, two caches in one process', () => {
  tellSlowReaderTests(async () => {
    const arena = await Arena.open('embedded')
    const [reader, writer] = await Promise.all([arena.local(), arena.local()])
    return { arena, reader, writer }
  })
})

function tellSlowReaderTests(openPair: () => Promise<Pair>): void {
  let pair: Pair
  beforeAll(async () => {
    pair = await openPair()
  })
  afterAll(() => pair.arena.close())

  it.concurrent('drops a value loaded before an invalidation', async () => {
    const { arena, reader, writer } = pair
    const id = arena.nextId()
    arena.database.write('item', id, 1)
    const held = arena.database.holdNext('item', id)
    const slow = reader.call('read', 'item', id)
    await held.taken
    arena.database.write('item', id, 2)
    const { resolvedMs } = await writer.call('invalidate', 'item', [id])
    held.release()
    expect((await slow).version).toBe(1)
    await reader.call('settled')
    await expectPromiseKept([reader, writer], { family: 'item', id, version: 2, resolvedMs })
  })

  it.concurrent('drops it from a batch and keeps the rest of the batch', async () => {
    const { arena, reader, writer } = pair
    const ids = [arena.nextId(), arena.nextId(), arena.nextId()] as const
    for (const id of ids) arena.database.write('item', id, 1)
    const held = arena.database.holdNext('item', ids[1])
    const slow = reader.call('readMany', 'item', ids)
    await held.taken
    arena.database.write('item', ids[1], 2)
    const { resolvedMs } = await writer.call('invalidate', 'item', [ids[1]])
    held.release()
    expect((await slow).map((reading) => reading.version)).toEqual([1, 1, 1])
    await reader.call('settled')
    await expectPromiseKept([reader, writer], {
      family: 'item',
      id: ids[1],
      version: 2,
      resolvedMs,
    })
    expect(arena.database.loads('item', ids[0])).toBe(1)
    await reader.call('read', 'item', ids[0])
    expect(arena.database.loads('item', ids[0])).toBe(1)
  })

  it.concurrent('drops it in favour of an ordered set', async () => {
    const { arena, reader, writer } = pair
    const id = arena.nextId()
    arena.database.write('ordered', id, 1)
    const held = arena.database.holdNext('ordered', id)
    const slow = reader.call('read', 'ordered', id)
    await held.taken
    arena.database.write('ordered', id, 2)
    const set = await writer.call('set', 'ordered', id, 2)
    const resolvedMs = monotonicMs()
    expect(set).toMatchObject({ stored: false, why: 'notHeld' })
    held.release()
    await slow
    await reader.call('settled')
    await expectPromiseKept([reader, writer], { family: 'ordered', id, version: 2, resolvedMs })
  })

  it.concurrent('drops a derived value of which the part was read before', async () => {
    const { arena, reader, writer } = pair
    const id = arena.nextId()
    arena.database.write('item', id, 1)
    const held = arena.database.holdNext('item', id)
    const slow = reader.call('read', 'derived', id)
    await held.taken
    arena.database.write('item', id, 2)
    const { resolvedMs } = await writer.call('invalidateWithDerived', id)
    held.release()
    await slow
    await reader.call('settled')
    await expectPromiseKept([reader, writer], { family: 'derived', id, version: 2, resolvedMs })
    await expectPromiseKept([reader, writer], { family: 'item', id, version: 2, resolvedMs })
  })

  it.concurrent('drops a derived value that was complete but not stored', async () => {
    const { arena, reader, writer } = pair
    const id = arena.nextId()
    arena.database.write('item', id, 1)
    const held = arena.database.holdNext('derived', id)
    const slow = reader.call('read', 'derived', id)
    await held.taken
    arena.database.write('item', id, 2)
    const { resolvedMs } = await writer.call('invalidateWithDerived', id)
    held.release()
    await slow
    await reader.call('settled')
    await expectPromiseKept([reader, writer], { family: 'derived', id, version: 2, resolvedMs })
  })
}
