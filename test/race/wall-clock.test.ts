/** Wall clocks that are wrong by hours, or jump, change nothing: no two of them are compared. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { Arena, type WorkerPeer } from './arena.ts'
import { expectPromiseKept } from './expect-promise.ts'

const hourMs = 3_600_000

describeWithRedis('processes with wrong wall clocks', () => {
  let arena: Arena
  let late: WorkerPeer
  let early: WorkerPeer

  beforeAll(async () => {
    arena = await Arena.open()
    ;[late, early] = await Promise.all([
      arena.worker({ wallOffsetMs: -7 * hourMs }),
      arena.worker({ wallOffsetMs: 5 * hourMs }),
    ])
  })
  afterAll(() => arena.close())

  const freshItem = (): number => {
    const id = arena.nextId()
    arena.database.write('item', id, 1)
    return id
  }

  it.each([
    ['slow', () => late, () => early],
    ['fast', () => early, () => late],
  ])('keep the promise when the clock of the reader is %s', async (_name, readerOf, writerOf) => {
    const [reader, writer, id] = [readerOf(), writerOf(), freshItem()]
    const held = arena.database.holdNext('item', id)
    const slow = reader.call('read', 'item', id)
    await held.taken
    arena.database.write('item', id, 2)
    const { resolvedMs } = await writer.call('invalidate', 'item', [id])
    held.release()
    await slow
    await reader.call('settled')
    await expectPromiseKept([reader, writer], { family: 'item', id, version: 2, resolvedMs })
    expect(arena.database.loads('item', id)).toBe(2)
  })

  it('neither lose nor stretch the life of a value', async () => {
    const id = freshItem()
    await early.call('read', 'item', id)
    await early.call('settled')
    const shared = await late.call('read', 'item', id)
    expect(shared).toMatchObject({ version: 1, from: 'redis' })
    expect(arena.database.loads('item', id)).toBe(1)
  })

  it('keep the promise when the clock jumps while memory is in use', async () => {
    const id = freshItem()
    await early.call('read', 'item', id)
    await early.call('settled')
    await early.call('shiftWallClock', -2 * hourMs)
    arena.database.write('item', id, 2)
    const { resolvedMs } = await late.call('invalidate', 'item', [id])
    const promised = { family: 'item', id, version: 2, resolvedMs } as const
    await expectPromiseKept([early, late], promised)
    await early.call('shiftWallClock', 5 * hourMs)
    await eventually('memory is used again', async () => {
      const { from } = await early.call('read', 'item', id)
      return from === 'memory'
    })
  })
})
