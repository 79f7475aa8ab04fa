/** Ordered sets arrive in any order, early or late: no lower order replaces a higher one. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { describeWithRedis } from '../servers/redis.ts'
import { Arena, type WorkerPeer } from './arena.ts'
import { expectPromiseKept } from './expect-promise.ts'
import { monotonicMs } from './reading.ts'

describeWithRedis('ordered sets', () => {
  let arena: Arena
  let reader: WorkerPeer
  let writer: WorkerPeer
  /** Pushes what it is told, can't load. */
  let feed: WorkerPeer
  let id: number

  beforeAll(async () => {
    arena = await Arena.open()
    const workers = [arena.worker(), arena.worker(), arena.worker({ hasNoSources: true })] as const
    ;[reader, writer, feed] = await Promise.all(workers)
  })
  afterAll(() => arena.close())
  beforeEach(() => {
    id = arena.nextId()
  })

  it('keep the highest whatever their order of arrival', async () => {
    arena.database.write('ordered', id, 1)
    await reader.call('read', 'ordered', id)
    await reader.call('settled')
    arena.database.write('ordered', id, 5)
    const sets = [3, 5, 2, 4].map((version, index) =>
      (index % 2 === 0 ? reader : writer).call('set', 'ordered', id, version),
    )
    await Promise.all(sets)
    const promised = { family: 'ordered', id, version: 5, resolvedMs: monotonicMs() } as const
    await expectPromiseKept([reader, writer], promised)
  })

  it('fill nothing after an invalidation where a source knows better', async () => {
    arena.database.write('ordered', id, 1)
    await reader.call('read', 'ordered', id)
    await reader.call('settled')
    arena.database.write('ordered', id, 3)
    const { resolvedMs } = await writer.call('invalidate', 'ordered', [id])
    const late = await writer.call('set', 'ordered', id, 2)
    expect(late).toMatchObject({ stored: false, why: 'notHeld' })
    await expectPromiseKept([reader, writer], { family: 'ordered', id, version: 3, resolvedMs })
  })

  it('fill nothing after an invalidation either when the setter has no source itself', async () => {
    arena.database.write('ordered', id, 1)
    await reader.call('read', 'ordered', id)
    await reader.call('settled')
    arena.database.write('ordered', id, 3)
    const { resolvedMs } = await writer.call('invalidate', 'ordered', [id])
    await feed.call('set', 'ordered', id, 2)
    await expectPromiseKept([reader, writer], { family: 'ordered', id, version: 3, resolvedMs })
  })

  it('do not replace a newer loaded value', async () => {
    arena.database.write('ordered', id, 7)
    await reader.call('read', 'ordered', id)
    await reader.call('settled')
    const late = await feed.call('set', 'ordered', id, 6)
    expect(late).toMatchObject({ stored: false, why: 'older' })
    const promised = { family: 'ordered', id, version: 7, resolvedMs: monotonicMs() } as const
    await expectPromiseKept([reader, writer], promised)
  })

  it('forbid what a load under way has read before them', async () => {
    arena.database.write('ordered', id, 1)
    const held = arena.database.holdNext('ordered', id)
    const slow = reader.call('read', 'ordered', id)
    await held.taken
    arena.database.write('ordered', id, 2)
    await feed.call('set', 'ordered', id, 2)
    const resolvedMs = monotonicMs()
    held.release()
    await slow
    await reader.call('settled')
    await expectPromiseKept([reader, writer], { family: 'ordered', id, version: 2, resolvedMs })
  })

  it('are not undone by a late one where nothing has a source', async () => {
    const peers = [reader, writer, feed]
    await feed.call('set', 'pushed', id, 2)
    await writer.call('set', 'pushed', id, 3)
    expect(await feed.call('set', 'pushed', id, 1)).toMatchObject({ stored: false, why: 'older' })
    const promised = { family: 'pushed', id, version: 3, resolvedMs: monotonicMs() } as const
    await expectPromiseKept(peers, promised)
  })

  it('do not come back after an invalidation where nothing has a source', async () => {
    await feed.call('set', 'pushed', id, 2)
    await writer.call('invalidate', 'pushed', [id])
    expect(await feed.call('set', 'pushed', id, 2)).toMatchObject({ stored: false, why: 'notHeld' })
    expect(await feed.call('set', 'pushed', id, 1)).toMatchObject({ stored: false, why: 'notHeld' })
    await feed.call('set', 'pushed', id, 3)
    const promised = { family: 'pushed', id, version: 3, resolvedMs: monotonicMs() } as const
    await expectPromiseKept([reader, writer, feed], promised)
  })
})
