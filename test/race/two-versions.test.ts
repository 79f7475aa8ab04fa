/**
 * A rolling deployment: two builds, of which each makes other values of one family, live
 * side by side for a minute under load (CONTRACT 7, PROTOCOL 13, Deployments).
 */
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { spawnWorker, type TestWorker } from '../servers/processes.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { Arena, trustMs } from './arena.ts'
import { monotonicMs } from './reading.ts'
import type { BuildCalls, BuildInit } from './two-versions-worker.ts'

const file = new URL('./two-versions-worker.ts', import.meta.url)
const runMs = 60_000
const writePauseMs = 500
const ids = [1, 2, 3, 4, 5, 6, 7, 8]
/** Read like the others, but never written: what is stored of them again was chased away. */
const quietIds = [101, 102, 103, 104]
/** A value of another build is replaced when it is older than this. */
const otherVersionMs = 10_000

describeWithRedis('two builds side by side', () => {
  let arena: Arena
  let builds: TestWorker<BuildCalls>[]

  beforeEach(async () => {
    arena = await Arena.open()
    const starting = [1, 2].map((version) => {
      const init: BuildInit = {
        databaseUrl: arena.database.url,
        redisUrl: arena.redis.url,
        namespace: arena.namespace,
        trustMs,
        version,
      }
      return spawnWorker<BuildCalls>(file, init, { deadlineMs: runMs + 30_000 })
    })
    builds = await Promise.all(starting)
  })
  afterEach(async () => {
    await Promise.allSettled(builds.map((build) => build.kill()))
    await arena.close()
  })

  it('are both reached by every invalidation, and do not chase each other', async () => {
    const untilMs = monotonicMs() + runMs
    const loads = builds.map((build) => build.call('readUntil', [...ids, ...quietIds], untilMs))
    let writes = 0
    while (monotonicMs() < untilMs - writePauseMs) {
      const id = ids[writes % ids.length] ?? 1
      const writer = builds[writes % builds.length]
      writes++
      arena.database.write('item', id, writes)
      const resolvedMs = await writer?.call('invalidate', id)
      const dueMs = (resolvedMs ?? 0) + trustMs * 1.001
      await Promise.all(builds.map((build) => build.call('expectFrom', id, writes, dueMs)))
      await pause(writePauseMs)
    }
    const results = await Promise.all(loads)

    for (const { broken, errors, reads, hits } of results) {
      expect(broken).toEqual([])
      expect(errors).toEqual([])
      expect(reads).toBeGreaterThan(1_000)
      // Each build has its share of what is stored.
      expect(hits).toBeGreaterThan(0)
    }
    const stored = await Promise.all(builds.map((build) => build.call('stored')))
    const replacements = (ids.length + quietIds.length) * (1 + runMs / otherVersionMs)
    // One store after each invalidation, and one each time that ten seconds have passed.
    expect(stored[0] ?? 0).toBeGreaterThan(0)
    expect((stored[0] ?? 0) + (stored[1] ?? 0)).toBeLessThanOrEqual(writes + replacements)
  }, 120_000)
})
