/** A thousand callers in each of four processes want one missing key: its source runs once. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithRedis } from '../servers/redis.ts'
import { Arena, type WorkerPeer } from './arena.ts'

const callers = 1_000
const processes = 4

describeWithRedis.each([
  { name: 'with the usual lease', leaseTtlMs: 5_000 },
  { name: 'with a lease much shorter than the load', leaseTtlMs: 500 },
])('a stampede $name', ({ leaseTtlMs }) => {
  let arena: Arena
  let workers: readonly WorkerPeer[]

  beforeAll(async () => {
    arena = await Arena.open()
    const opening = Array.from({ length: processes }, () => arena.worker({ leaseTtlMs }))
    workers = await Promise.all(opening)
  })
  afterAll(() => arena.close())

  it.each([50, 3_000])('runs a source of %i ms once', async (sourceMs) => {
    const id = arena.nextId()
    arena.database.write('item', id, 1)
    arena.database.lagMs = () => sourceMs
    const readings = await Promise.all(
      workers.map((worker) => worker.call('readAtOnce', 'item', id, callers)),
    )
    arena.database.lagMs = () => 0
    expect(arena.database.loads('item', id)).toBe(1)
    const versions = readings.flat().map((reading) => reading.version)
    expect(versions).toHaveLength(callers * processes)
    expect(versions.every((version) => version === 1)).toBe(true)
  })
})
