/**
 * What the protocol keeps in Redis is lost at any step: the slot or lease of the key, the
 * record of groups, everything. No old value comes back for it.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { describeWithRedis } from '../servers/redis.ts'
import { Arena, type WorkerPeer } from './arena.ts'
import { expectPromiseKept } from './expect-promise.ts'

type Loss = (arena: Arena, id: number) => Promise<unknown>

const losses: Readonly<Record<string, Loss>> = {
  'the slot is deleted': (arena, id) => arena.raw.del(arena.slotKey('item', id)),
  'the slot is replaced by a hash': (arena, id) => {
    const slot = arena.slotKey('item', id)
    return arena.raw.multi().del(slot).hset(slot, 'field', 'text').exec()
  },
  'the record of groups is deleted': (arena) => arena.raw.del(arena.metaKey),
  'everything is flushed': (arena) => arena.raw.flushall(),
}

describeWithRedis('what is lost in Redis', () => {
  let arena: Arena
  let reader: WorkerPeer
  let other: WorkerPeer
  let writer: WorkerPeer
  let id: number

  beforeAll(async () => {
    arena = await Arena.open()
    const workers = [arena.worker(), arena.worker(), arena.worker()] as const
    ;[reader, other, writer] = await Promise.all(workers)
  })
  afterAll(() => arena.close())
  beforeEach(() => {
    id = arena.nextId()
    arena.database.write('item', id, 1)
  })

  const writeAndInvalidate = async (): Promise<number> => {
    arena.database.write('item', id, 2)
    return (await writer.call('invalidate', 'item', [id])).resolvedMs
  }
  const expectOnlyTheNew = (resolvedMs: number) => {
    const promised = { family: 'item', id, version: 2, resolvedMs } as const
    return expectPromiseKept([reader, other, writer], promised)
  }

  describe.each(Object.entries(losses))('when %s', (_name, lose) => {
    it('drops a load from before, lost before the invalidation', async () => {
      const held = arena.database.holdNext('item', id)
      const slow = reader.call('read', 'item', id)
      await held.taken
      await lose(arena, id)
      const resolvedMs = await writeAndInvalidate()
      held.release()
      await slow
      await reader.call('settled')
      await expectOnlyTheNew(resolvedMs)
    })

    it('drops a load from before, lost after the invalidation', async () => {
      const held = arena.database.holdNext('item', id)
      const slow = reader.call('read', 'item', id)
      await held.taken
      const resolvedMs = await writeAndInvalidate()
      await lose(arena, id)
      held.release()
      await slow
      await reader.call('settled')
      await expectOnlyTheNew(resolvedMs)
    })

    it('drops both loads when a second one began after the loss', async () => {
      const first = arena.database.holdNext('item', id)
      const slow = reader.call('read', 'item', id)
      await first.taken
      await lose(arena, id)
      const second = arena.database.holdNext('item', id)
      const slower = other.call('read', 'item', id)
      await second.taken
      const resolvedMs = await writeAndInvalidate()
      first.release()
      second.release()
      await Promise.all([slow, slower])
      await Promise.all([reader.call('settled'), other.call('settled')])
      await expectOnlyTheNew(resolvedMs)
    })

    it('keeps the newer value when the load from before ends after it', async () => {
      const held = arena.database.holdNext('item', id)
      const slow = reader.call('read', 'item', id)
      await held.taken
      await lose(arena, id)
      const resolvedMs = await writeAndInvalidate()
      expect((await other.call('read', 'item', id)).version).toBe(2)
      await other.call('settled')
      held.release()
      await slow
      await reader.call('settled')
      await expectOnlyTheNew(resolvedMs)
    })

    it('drops what memory held when it is invalidated after the loss', async () => {
      await reader.call('read', 'item', id)
      await other.call('read', 'item', id)
      await lose(arena, id)
      await expectOnlyTheNew(await writeAndInvalidate())
    })
  })
})
