/**
 * Memory is filled from Redis while an invalidation of the same key is under way. The reply
 * with the old value and the message travel on different connections, in either order.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { type RedisProxy, startProxy } from '../servers/proxy.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { Arena, type WorkerPeer } from './arena.ts'
import { expectPromiseKept } from './expect-promise.ts'
import type { Reading } from './reading.ts'

describeWithRedis('memory filled from Redis while the key is invalidated', () => {
  let arena: Arena
  let proxy: RedisProxy
  let reader: WorkerPeer
  let writer: WorkerPeer
  let id: number

  beforeAll(async () => {
    arena = await Arena.open()
    proxy = await startProxy(arena.redis.port)
    // The budget outlasts a held reply on a slow machine.
    const slow = { redisUrl: proxy.url, budgetMs: 5_000 }
    ;[reader, writer] = await Promise.all([arena.worker(slow), arena.worker()])
  })
  afterAll(async () => {
    await arena.close()
    await proxy.stop()
  })
  beforeEach(async () => {
    id = arena.nextId()
    arena.database.write('item', id, 1)
    await writer.call('read', 'item', id)
    await writer.call('settled')
  })
  afterEach(() => proxy.mode('all', 'pass'))

  const writeAndInvalidate = async (): Promise<number> => {
    arena.database.write('item', id, 2)
    return (await writer.call('invalidate', 'item', [id])).resolvedMs
  }

  /** Redis has answered with the old value; the answer is held back while `act` runs. */
  async function withReplyHeld<Result>(
    read: () => Promise<Reading>,
    act: () => Promise<Result>,
  ): Promise<[Reading, Result]> {
    const before = await slotReads()
    proxy.mode('command', { toServer: 'pass', toClient: 'hold' })
    const slow = read()
    await eventually('Redis has read the slot', async () => (await slotReads()) > before)
    const result = await act()
    proxy.mode('command', 'pass')
    return [await slow, result]
  }
  /** How many slots Redis has read for readers. */
  async function slotReads(): Promise<number> {
    const statistics = await arena.raw.info('commandstats')
    const counts = [...statistics.matchAll(/^cmdstat_(?:get|mget):calls=(\d+)/gm)]
    return counts.reduce((sum, [, count]) => sum + Number(count), 0)
  }
  const reading = () => reader.call('read', 'item', id)

  it('does not keep a reply that comes after the message', async () => {
    const [, resolvedMs] = await withReplyHeld(reading, writeAndInvalidate)
    await expectPromiseKept([reader, writer], { family: 'item', id, version: 2, resolvedMs })
  })

  it('does not keep it when the message is held back as well', async () => {
    const [, resolvedMs] = await withReplyHeld(reading, () => {
      proxy.mode('subscriber', 'blackhole')
      return writeAndInvalidate()
    })
    const promised = { family: 'item', id, version: 2, resolvedMs } as const
    await expectPromiseKept([reader], promised, 'memory may be out of use')
    proxy.mode('subscriber', 'pass')
    await expectPromiseKept([writer], promised)
  })

  it('drops what it kept when the message comes after the reply', async () => {
    proxy.mode('subscriber', { toServer: 'pass', toClient: { delayMs: 200 } })
    const [, resolvedMs] = await withReplyHeld(reading, writeAndInvalidate)
    const promised = { family: 'item', id, version: 2, resolvedMs } as const
    await expectPromiseKept([reader], promised, 'memory may be out of use')
  })

  it('says that it was shared, of a look-up that began before the call', async () => {
    const [, later] = await withReplyHeld(reading, async () => {
      proxy.mode('subscriber', 'blackhole')
      await writeAndInvalidate()
      const started = reader.call('read', 'item', id)
      // The answer to another call shows that this one has begun to wait.
      await reader.call('pending')
      return [started]
    })
    // Sharing is reading from memory: it may lag, and must not claim to be proven.
    const { version, from } = (await later[0]) ?? {}
    expect(version === 2 || from === 'joined').toBe(true)
  })

  it('does not keep a value that was proven current before it was invalidated', async () => {
    await reader.call('read', 'item', id)
    const strictly = () => reader.call('read', 'item', id, { consistency: 'strict' })
    const before = await headReads()
    proxy.mode('command', { toServer: 'pass', toClient: 'hold' })
    const slow = strictly()
    await eventually('Redis has read the header', async () => (await headReads()) > before)
    const resolvedMs = await writeAndInvalidate()
    proxy.mode('command', 'pass')
    await slow
    await expectPromiseKept([reader, writer], { family: 'item', id, version: 2, resolvedMs })
  })
  async function headReads(): Promise<number> {
    const statistics = await arena.raw.info('commandstats')
    return Number(/^cmdstat_getrange:calls=(\d+)/m.exec(statistics)?.[1] ?? 0)
  }
})
