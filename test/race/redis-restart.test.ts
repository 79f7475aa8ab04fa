/**
 * Redis is killed and comes back, empty or with what an old snapshot held, at each step of a
 * load. Neither the snapshot nor a reader from before brings an old value back.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { Arena, type WorkerPeer } from './arena.ts'
import { expectPromiseKept } from './expect-promise.ts'
import { monotonicMs } from './reading.ts'

describeWithRedis('Redis killed and restarted', () => {
  let arena: Arena
  let reader: WorkerPeer
  let writer: WorkerPeer
  let id: number

  beforeEach(async () => {
    arena = await Arena.open()
    ;[reader, writer] = await Promise.all([arena.worker(), arena.worker()])
    id = arena.nextId()
    arena.database.write('item', id, 1)
  })
  afterEach(() => arena.close())

  const write = () => arena.database.write('item', id, 2)
  const invalidate = async () => (await writer.call('invalidate', 'item', [id])).resolvedMs
  const isHealthy = async (peer: WorkerPeer) => (await peer.call('health')).state === 'ok'
  const allHealthy = () =>
    eventually('all are connected again', async () => {
      const states = await Promise.all([isHealthy(reader), isHealthy(writer)])
      return states.every((state) => state)
    })
  const expectOnlyTheNew = (resolvedMs: number) =>
    expectPromiseKept([reader, writer], { family: 'item', id, version: 2, resolvedMs })

  it('drops a load that spans the restart, invalidated before it', async () => {
    const held = arena.database.holdNext('item', id)
    const slow = reader.call('read', 'item', id)
    await held.taken
    write()
    const resolvedMs = await invalidate()
    await arena.redis.restart()
    held.release()
    await slow
    await allHealthy()
    await reader.call('settled')
    await expectOnlyTheNew(resolvedMs)
  })

  it('drops a load that spans the restart, invalidated after it', async () => {
    const held = arena.database.holdNext('item', id)
    const slow = reader.call('read', 'item', id)
    await held.taken
    await arena.redis.restart()
    await allHealthy()
    write()
    const resolvedMs = await invalidate()
    held.release()
    await slow
    await reader.call('settled')
    await expectOnlyTheNew(resolvedMs)
  })

  it('drops what a snapshot from before the invalidation brings back', async () => {
    await reader.call('read', 'item', id)
    await reader.call('settled')
    await arena.raw.save()
    write()
    const resolvedMs = await invalidate()
    await arena.redis.restart()
    await eventually('the snapshot is there', async () => (await slotText()).includes('V|'))
    await allHealthy()
    await expectOnlyTheNew(resolvedMs)
  })

  it('drops a lease that a snapshot brings back, and what is loaded under it', async () => {
    const held = arena.database.holdNext('item', id)
    const slow = reader.call('read', 'item', id)
    await held.taken
    await arena.raw.save()
    write()
    const resolvedMs = await invalidate()
    await arena.redis.restart()
    await allHealthy()
    held.release()
    await slow
    await reader.call('settled')
    await expectOnlyTheNew(resolvedMs)
  })

  describe('when the invalidation falls into the outage', () => {
    it('tells the writer that it is pending and delivers it on the next connection', async () => {
      await reader.call('read', 'item', id)
      await reader.call('settled')
      await arena.raw.save()
      await arena.redis.kill()
      write()
      await expect(writer.call('invalidate', 'item', [id])).rejects.toMatchObject({
        code: 'SP_INVALIDATION_PENDING',
      })
      expect((await writer.call('read', 'item', id)).version).toBe(2)
      await arena.redis.restart()
      await eventually('it is delivered', async () => (await writer.call('pending')) === 0)
      await expectOnlyTheNew(monotonicMs())
    })

    it('drops a load that spans the outage', async () => {
      const held = arena.database.holdNext('item', id)
      const slow = reader.call('read', 'item', id)
      await held.taken
      await arena.redis.kill()
      write()
      const pending = writer.call('invalidate', 'item', [id])
      await expect(pending).rejects.toMatchObject({ code: 'SP_INVALIDATION_PENDING' })
      await arena.redis.restart()
      await eventually('it is delivered', async () => (await writer.call('pending')) === 0)
      const resolvedMs = monotonicMs()
      held.release()
      await slow
      await allHealthy()
      await reader.call('settled')
      await expectOnlyTheNew(resolvedMs)
    })
  })

  const slotText = async (): Promise<string> => {
    const text = await arena.slot('item', id).catch(() => null)
    return text ?? ''
  }
})
