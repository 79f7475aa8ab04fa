/** What the source has to do when Redis is back: no more than what Redis has lost. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { Arena, type WorkerPeer } from './arena.ts'

const processes = 3
const concurrency = 4
const healMs = 20_000

describeWithRedis('when Redis is back after an outage', () => {
  let arena: Arena
  let workers: readonly WorkerPeer[]
  let ids: readonly number[]

  beforeEach(async () => {
    arena = await Arena.open()
    workers = await Promise.all(
      Array.from({ length: processes }, () => arena.worker({ concurrency })),
    )
    ids = Array.from({ length: 60 }, () => arena.nextId())
    for (const id of ids) arena.database.write('grouped', id, 1)
    await readAll()
    await Promise.all(workers.map((worker) => worker.call('settled')))
  })
  afterEach(() => arena.close())

  const readAll = () =>
    Promise.all(workers.map((worker) => worker.call('readMany', 'grouped', ids)))
  const statesAre = async (isFit: (state: string) => boolean) => {
    const healths = await Promise.all(workers.map((worker) => worker.call('health')))
    return healths.every(({ state }) => isFit(state))
  }
  const allHeal = () =>
    eventually('all processes have healed', () => statesAre((state) => state === 'ok'), healMs)
  const loads = () => ids.map((id) => arena.database.loads('grouped', id))
  const loadsSince = (before: readonly number[]) =>
    loads().map((count, index) => count - (before[index] ?? 0))

  it('from a freeze, nothing that it still holds is loaded again', async () => {
    arena.redis.freeze()
    const isDown = () => statesAre((state) => state === 'down-to-source')
    await eventually('nobody waits for it', isDown, healMs)
    await readAll()
    arena.redis.resume()
    await allHeal()
    const before = loads()
    const readings = await readAll()
    expect(readings.flat().every(({ version }) => version === 1)).toBe(true)
    expect(loadsSince(before).every((count) => count === 0)).toBe(true)
  })

  it('empty, each key is loaded once over all processes, within their limits', async () => {
    await arena.redis.restart()
    await allHeal()
    const before = loads()
    arena.database.lagMs = () => 20
    arena.database.peak = 0
    await readAll()
    expect(loadsSince(before)).toEqual(ids.map(() => 1))
    expect(arena.database.peak).toBeLessThanOrEqual(processes * concurrency)
  })
})
