/**
 * A process that is cut off from messages only: its memory may lag an invalidation by Δ and
 * no longer, commands go on, and memory is used again by itself after recovery.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { type RedisProxy, startProxy } from '../servers/proxy.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { Arena, type WorkerPeer } from './arena.ts'
import { expectPromiseKept } from './expect-promise.ts'

describeWithRedis('a process cut off from messages', () => {
  let arena: Arena
  let proxy: RedisProxy
  let reader: WorkerPeer
  let writer: WorkerPeer
  let id: number

  beforeAll(async () => {
    arena = await Arena.open()
    proxy = await startProxy(arena.redis.port)
    ;[reader, writer] = await Promise.all([arena.worker({ redisUrl: proxy.url }), arena.worker()])
  })
  afterAll(async () => {
    await arena.close()
    await proxy.stop()
  })
  beforeEach(async () => {
    id = arena.nextId()
    arena.database.write('item', id, 1)
    await eventuallyFromMemory()
  })
  afterEach(() => proxy.mode('all', 'pass'))

  const eventuallyFromMemory = (item: number = id): Promise<void> =>
    eventually('memory is used', async () => {
      const { from } = await reader.call('read', 'item', item)
      return from === 'memory'
    })
  const writeAndInvalidate = async (): Promise<number> => {
    arena.database.write('item', id, 2)
    return (await writer.call('invalidate', 'item', [id])).resolvedMs
  }

  it('keeps the bound while messages are held back, then uses memory again', async () => {
    proxy.mode('subscriber', 'blackhole')
    const resolvedMs = await writeAndInvalidate()
    const promised = { family: 'item', id, version: 2, resolvedMs } as const
    await expectPromiseKept([reader], promised, 'memory may be out of use')
    proxy.mode('subscriber', 'pass')
    await eventuallyFromMemory()
    expect((await reader.call('read', 'item', id)).version).toBe(2)
  })

  it('keeps the bound when the old message comes after its time', async () => {
    proxy.mode('subscriber', { delayMs: 1_500 })
    const resolvedMs = await writeAndInvalidate()
    const promised = { family: 'item', id, version: 2, resolvedMs } as const
    await expectPromiseKept([reader], promised, 'memory may be out of use')
  })

  it('makes a new subscription when the old one stays deaf', async () => {
    const before = proxy.count('subscriber')
    proxy.mode('subscriber', { toServer: 'pass', toClient: 'hold' })
    const resolvedMs = await writeAndInvalidate()
    // The proxy holds the end of the old one back too, so that counts as open.
    await eventually('another subscription is made', () => proxy.count('subscriber') > before)
    proxy.mode('subscriber', 'pass')
    await eventuallyFromMemory()
    await expectPromiseKept([reader], { family: 'item', id, version: 2, resolvedMs })
  })

  it('keeps the bound when its subscription is killed', async () => {
    await arena.raw.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
    const resolvedMs = await writeAndInvalidate()
    await expectPromiseKept([reader, writer], { family: 'item', id, version: 2, resolvedMs })
  })

  it('does not serve, when it trusts its memory again, what it held before', async () => {
    proxy.mode('subscriber', 'blackhole')
    proxy.cut('subscriber')
    await writeAndInvalidate()
    proxy.mode('subscriber', 'pass')
    // Another key shows that memory is in use; nobody has asked for this one meanwhile.
    await eventuallyFromMemory(arena.nextId())
    expect((await reader.call('read', 'item', id)).version).toBe(2)
  })

  it('does not keep a value that it was loading when its subscription was killed', async () => {
    const other = arena.nextId()
    arena.database.write('item', other, 1)
    const held = arena.database.holdNext('item', other)
    const slow = reader.call('read', 'item', other)
    await held.taken
    proxy.mode('subscriber', 'blackhole')
    proxy.cut('subscriber')
    arena.database.write('item', other, 2)
    const { resolvedMs } = await writer.call('invalidate', 'item', [other])
    proxy.mode('subscriber', 'pass')
    held.release()
    await slow
    await expectPromiseKept([reader], { family: 'item', id: other, version: 2, resolvedMs })
  })

  it('does not build a derived value from what its memory still holds', async () => {
    proxy.mode('subscriber', 'blackhole')
    arena.database.write('item', id, 2)
    const { resolvedMs } = await writer.call('invalidateWithDerived', id)
    await reader.call('read', 'derived', id)
    proxy.mode('subscriber', 'pass')
    const promised = { family: 'derived', id, version: 2, resolvedMs } as const
    await expectPromiseKept([writer, reader], promised)
  })

  it('keeps the bound when its subscription is closed towards the server only', async () => {
    proxy.halfClose('subscriber', 'server')
    const resolvedMs = await writeAndInvalidate()
    const promised = { family: 'item', id, version: 2, resolvedMs } as const
    await expectPromiseKept([reader], promised, 'memory may be out of use')
    await eventuallyFromMemory()
  })
})
