/** Processes that warm the same: one of them does it, and another when that one dies. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { spawnWorker, type TestWorker } from '../servers/processes.ts'
import { describeWithRedis, startRedis, type TestRedis } from '../servers/redis.ts'
import type { WarmingCalls, WarmingInit } from './warming-worker.ts'

const file = new URL('./warming-worker.ts', import.meta.url)
const processes = 3
const everyMs = 200

describeWithRedis('three processes that warm', () => {
  let redis: TestRedis
  let workers: TestWorker<WarmingCalls>[]

  beforeAll(async () => {
    redis = await startRedis()
    const init: WarmingInit = { redisUrl: redis.url, everyMs, leaseMs: 1_000 }
    const start = () => spawnWorker<WarmingCalls>(file, init)
    workers = await Promise.all(Array.from({ length: processes }, start))
  })
  afterAll(async () => {
    await Promise.allSettled((workers ?? []).map((worker) => worker.stop()))
    await redis?.stop()
  })

  const reports = () => Promise.all(workers.map((worker) => worker.call('report')))

  it('run each round once, and the others say that they have skipped it', async () => {
    await eventually('rounds were run and skipped', async () => {
      const counts = (await reports()).map(({ task }) => task)
      const executions = counts.reduce((sum, task) => sum + (task?.executions ?? 0), 0)
      const skips = counts.filter((task) => (task?.skippedElsewhere ?? 0) >= 2)
      return executions >= 10 && skips.length === processes - 1
    })
    const now = await reports()
    expect(now.filter(({ task }) => (task?.executions ?? 0) > 0)).toHaveLength(1)
    expect(now.map(({ standing }) => standing).sort()).toEqual([
      'elected',
      'elsewhere',
      'elsewhere',
    ])
    expect(now.reduce((sum, { loads }) => sum + loads, 0)).toBe(1)
    const froms = await Promise.all(workers.map((worker) => worker.call('read')))
    expect(froms.sort()).toEqual(['memory', 'redis', 'redis'])
  })

  it('elect another when the elected one is killed', async () => {
    const before = await reports()
    const elected = before.findIndex(({ standing }) => standing === 'elected')
    await workers.splice(elected, 1)[0]?.kill()
    await eventually('another one is elected', async () => {
      return (await reports()).some(({ standing }) => standing === 'elected')
    })
    const now = await reports()
    expect(now.map(({ standing }) => standing).sort()).toEqual(['elected', 'elsewhere'])
    expect(now.filter(({ task }) => (task?.executions ?? 0) > 0)).toHaveLength(1)
  })
})
