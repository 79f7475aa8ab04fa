/** One quota in several processes that all want more of it than there is. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { spawnWorker, type TestWorker } from '../servers/processes.ts'
import { describeWithRedis, startRedis, type TestRedis } from '../servers/redis.ts'
import type { Grant, QuotaCalls, QuotaInit } from './quota-worker.ts'
import { monotonicMs } from './reading.ts'

const file = new URL('./quota-worker.ts', import.meta.url)
const [rate, burst] = [200, 50]
const takingMs = 2_000

describeWithRedis('a quota of three processes', () => {
  let redis: TestRedis
  let workers: readonly TestWorker<QuotaCalls>[]

  beforeAll(async () => {
    redis = await startRedis()
    const start = (service: string): Promise<TestWorker<QuotaCalls>> => {
      const init: QuotaInit = { service, redisUrl: redis.url, rate, burst }
      return spawnWorker<QuotaCalls>(file, init)
    }
    workers = await Promise.all(['api', 'bot', 'workers'].map(start))
  })
  afterAll(async () => {
    await Promise.allSettled((workers ?? []).map((worker) => worker.stop()))
    await redis?.stop()
  })

  const takeAll = async (waitMs: number): Promise<readonly (readonly Grant[])[]> => {
    const untilMs = monotonicMs() + takingMs
    return Promise.all(workers.map((worker) => worker.call('takeUntil', untilMs, waitMs)))
  }

  it.each([0, 100])('is never exceeded in any window, where calls wait %i ms', async (waitMs) => {
    const grants = (await takeAll(waitMs)).flat()
    for (const worker of workers) expect(await worker.call('withoutRedis')).toBe(0)
    expect(firstExcess(grants)).toBeUndefined()
    const taken = grants.reduce((sum, { count }) => sum + count, 0)
    expect(taken).toBeGreaterThan(burst + (rate * takingMs) / 1_000 / 2)
  })

  it('is given to all of them, by those who wait their turn', async () => {
    for (const grants of await takeAll(1_000)) expect(grants.length).toBeGreaterThan(20)
  })
})

/**
 * A window from when the first was asked for until the last was given is as long as what the
 * server saw, or longer; within it no more than a full bucket and its refill may be given.
 */
function firstExcess(grants: readonly Grant[]): object | undefined {
  for (const first of grants) {
    for (const last of grants) {
      if (last.givenMs < first.askedMs) continue
      const within = grants.filter(({ askedMs, givenMs }) => {
        return askedMs >= first.askedMs && givenMs <= last.givenMs
      })
      const used = within.reduce((sum, { count }) => sum + count, 0)
      const windowMs = last.givenMs - first.askedMs
      const allowed = burst + (rate * windowMs) / 1_000
      if (used > allowed) return { used, allowed, windowMs }
    }
  }
  return undefined
}
