/** Values whose TTL is over, read by four processes on one Redis: one of them loads anew. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { Arena, type WorkerPeer } from './arena.ts'
import { monotonicMs } from './reading.ts'

const processes = 4
const ttlMs = 1_000

describeWithRedis('a value that is read past its TTL', () => {
  let arena: Arena
  let workers: readonly WorkerPeer[]

  beforeAll(async () => {
    arena = await Arena.open()
    workers = await Promise.all(Array.from({ length: processes }, () => arena.worker()))
  })
  afterAll(() => arena.close())

  const readOf = (worker: WorkerPeer, id: number) => worker.call('read', 'aging', id)

  /** Held by every memory, and past its TTL in each. */
  const stale = async () => {
    const id = arena.nextId()
    arena.database.write('aging', id, 1)
    for (const worker of workers) await readOf(worker, id)
    const staleMs = monotonicMs() + ttlMs
    await eventually('the TTL is over', () => monotonicMs() > staleMs)
    return id
  }
  const areAll = (id: number, version: number) => async () => {
    const readings = await Promise.all(workers.map((worker) => readOf(worker, id)))
    return readings.every((reading) => reading.version === version)
  }

  it('is loaded once, whoever reads it, and served meanwhile', async () => {
    const id = await stale()
    const loads = arena.database.loads('aging', id)
    arena.database.write('aging', id, 2)
    const slow = arena.database.holdNext('aging', id)
    const untilMs = monotonicMs() + 500
    const readings = await Promise.all(
      workers.map((worker) => worker.call('readUntil', 'aging', id, untilMs)),
    )
    expect(new Set(readings.flat().map(({ from }) => from))).toEqual(new Set(['stale']))
    expect(arena.database.loads('aging', id) - loads).toBe(1)
    slow.release()
    await eventually('all have the new value', areAll(id, 2))
  })

  it('is not put back by a load that an invalidation has overtaken', async () => {
    const id = await stale()
    const [reader, writer] = workers
    if (reader === undefined || writer === undefined) throw new RangeError('expected two workers')
    const slow = arena.database.holdNext('aging', id)
    await readOf(reader, id)
    await slow.taken
    arena.database.write('aging', id, 2)
    await writer.call('invalidate', 'aging', [id])
    expect(await readOf(writer, id)).toMatchObject({ version: 2 })
    slow.release()
    await eventually('all have the new value', areAll(id, 2))
    await reader.call('settled')
    expect(await areAll(id, 2)()).toBe(true)
  })
})
