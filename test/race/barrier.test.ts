/**
 * Barriers: when an invalidation with one has resolved, no process serves the old value, not
 * even from memory. Readers read memory all the time; the messages of one come late.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { type RedisProxy, startProxy } from '../servers/proxy.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { Arena, trustMs, type WorkerPeer } from './arena.ts'

/** Longer than a registry must have been there for its members to be everybody (R). */
const longAgoMs = 61_000
const lateMs = 100
const rounds = 15

let arena: Arena
let proxy: RedisProxy
/** Invalidates; it knows the registry for long. */
let writer: WorkerPeer
/** Reads through the proxy. */
let cutOff: WorkerPeer
let readers: readonly WorkerPeer[]
let id: number

const lateMessages = () => {
  proxy.mode('subscriber', { toServer: 'pass', toClient: { delayMs: lateMs } })
}

async function open(): Promise<void> {
  arena = await Arena.open()
  proxy = await startProxy(arena.redis.port)
  const [first, second, third] = await Promise.all([
    arena.worker({ service: 'writer' }),
    arena.worker({ service: 'cut-off', redisUrl: proxy.url }),
    arena.worker({ service: 'reader' }),
  ])
  writer = first
  cutOff = second
  readers = [first, second, third]
}

async function close(): Promise<void> {
  await arena.close()
  await proxy.stop()
}

async function prepare(): Promise<void> {
  id = arena.nextId()
  arena.database.write('item', id, 1)
  // The registry's nonce is known from before, and every other process is in it.
  await eventually('all are in memory', async () => {
    const readings = await Promise.all(readers.map((one) => one.call('read', 'item', id)))
    return readings.every(({ from }) => from === 'memory')
  })
  await writer.call('sleepFor', longAgoMs)
  await eventually('the writer is trusted again', async () => {
    return (await writer.call('read', 'item', id)).from === 'memory'
  })
}

type Write = (version: number) => Promise<{ readonly resolvedMs: number }>

/** What each reader still served when the next version had been written. */
async function oldReadsOf(write: Write) {
  const last = 1 + rounds
  const reading = readers.map((reader) => reader.call('lastServed', 'item', id, last))
  const endMs: number[] = []
  for (let version = 2; version <= last; version += 1) {
    endMs[version - 1] = (await write(version)).resolvedMs
    await eventually('the late reader has it in memory again', async () => {
      const read = await cutOff.call('read', 'item', id)
      return read.from === 'memory' && read.version === version
    })
  }
  const served = (await Promise.all(reading)).flat()
  return served.filter((one) => one.invokedMs > (endMs[one.version] ?? Number.POSITIVE_INFINITY))
}

const namesOf = (processes: readonly string[] = []) =>
  processes.map((process) => process.slice(0, process.lastIndexOf('.'))).sort()

describeWithRedis('an invalidation with a barrier', () => {
  beforeAll(open)
  afterAll(close)
  beforeEach(prepare)
  afterEach(() => proxy.mode('all', 'pass'))

  describe('while the messages of one process come late', () => {
    beforeEach(lateMessages)

    it('resolves when nobody serves the old value any more', async () => {
      const old = await oldReadsOf((version) => {
        arena.database.write('item', id, version)
        return writer.call('invalidateWithBarrier', 'item', id)
      })
      expect(old).toEqual([])
    })

    it('waits for the answers of all', async () => {
      const { barrier } = await writer.call('invalidateWithBarrier', 'item', id)
      expect(namesOf(barrier?.waitedFor)).toEqual(['cut-off', 'reader', 'writer'])
      expect(barrier?.silent).toEqual([])
    })

    it('ends a mutate in the same way', async () => {
      const old = await oldReadsOf(() => writer.call('mutateWithBarrier', 'item', id))
      expect(old).toEqual([])
    })

    it('is what it takes: without it the old value is served for a while', async () => {
      const old = await oldReadsOf((version) => {
        arena.database.write('item', id, version)
        return writer.call('invalidate', 'item', [id])
      })
      expect(old.length).toBeGreaterThan(0)
    })
  })

  it('names a stopped process, which serves nothing old when it goes on', async () => {
    const [, , stopped] = readers
    if (stopped === undefined) throw new Error('expected three readers')
    stopped.pause()
    arena.database.write('item', id, 2)
    const { barrier } = await writer.call('invalidateWithBarrier', 'item', id)
    const late = stopped.call('read', 'item', id)
    stopped.resume()
    expect(namesOf(barrier?.silent)).toEqual(['reader'])
    expect(barrier?.ms).toBeGreaterThanOrEqual(trustMs)
    expect((await late).version).toBe(2)
  })

  it('names a process whose messages do not arrive, and outlasts its trust', async () => {
    proxy.mode('subscriber', 'blackhole')
    arena.database.write('item', id, 2)
    const { barrier } = await writer.call('invalidateWithBarrier', 'item', id)
    expect((await cutOff.call('read', 'item', id)).version).toBe(2)
    expect(namesOf(barrier?.silent)).toEqual(['cut-off'])
  })

  it('does not rely on a registry that was lost, and with it who was in it', async () => {
    proxy.mode('all', 'blackhole')
    await arena.raw.del(`{${arena.namespace}:0}:b`)
    arena.database.write('item', id, 2)
    const { barrier } = await writer.call('invalidateWithBarrier', 'item', id)
    expect((await cutOff.call('read', 'item', id)).version).toBe(2)
    expect(namesOf(barrier?.waitedFor)).not.toContain('cut-off')
  })

  it('does not wait for who has closed', async () => {
    const leaving = await arena.worker({ service: 'leaving' })
    await leaving.call('read', 'item', id)
    await leaving.call('close')
    const { barrier } = await writer.call('invalidateWithBarrier', 'item', id)
    expect(namesOf(barrier?.waitedFor)).toEqual(['cut-off', 'reader', 'writer'])
  })
})
