/**
 * Three processes with memory on read and write a few registers at random while faults
 * happen to them, to the network and to Redis. An independent judge then looks for one read
 * that was older than promised. STALEPROOF_SEED repeats the decisions of a run; the operating
 * system still decides who is first.
 */
import { checkHistory, type HistoryRecord, storyOf, type Violation } from 'staleproof/testing'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { spawnWorker, type TestWorker } from '../servers/processes.ts'
import { type RedisProxy, startProxy } from '../servers/proxy.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { Arena, trustMs } from './arena.ts'
import { historyFamilies, historyIds } from './history-client.ts'
import type { HistoryCalls, HistoryInit } from './history-worker.ts'
import { doDamage } from './nemesis.ts'
import { Random, seedOfRun } from './random.ts'
import { monotonicMs } from './reading.ts'

const file = new URL('./history-worker.ts', import.meta.url)
const runMs = 12_000
const brokenRunMs = 2_500
const brokenRounds = 6
const lagMsMax = 30
/** ρ, and a millisecond for the rounding of times. */
const boundMs = trustMs * 1.001 + 1

describeWithRedis('a random history of three processes', () => {
  let arena: Arena
  let proxies: RedisProxy[]
  let workers: TestWorker<HistoryCalls>[]
  const seed = seedOfRun()

  beforeEach(async () => {
    arena = await Arena.open()
    proxies = await Promise.all([startProxy(arena.redis.port), startProxy(arena.redis.port)])
    const random = new Random(seed)
    arena.database.lagMs = () => random.below(lagMsMax)
  })
  afterEach(async () => {
    await Promise.allSettled(workers.map((worker) => worker.kill()))
    await Promise.allSettled(proxies.map((proxy) => proxy.stop()))
    await arena.close()
  })

  type Invalidation = HistoryInit['invalidation']

  async function start(...invalidations: readonly Invalidation[]): Promise<void> {
    const urls = [...proxies.map((proxy) => proxy.url), arena.redis.url]
    const starting = urls.map((redisUrl, index) => {
      const invalidation = invalidations[index] ?? 'proper'
      const init: HistoryInit = {
        service: `process-${index}`,
        databaseUrl: arena.database.url,
        namespace: arena.namespace,
        redisUrl,
        trustMs,
        leaseTtlMs: 1_000,
        seed: seed + 100 * index,
        invalidation,
      }
      return spawnWorker<HistoryCalls>(file, init, { deadlineMs: runMs + 30_000 })
    })
    workers = await Promise.all(starting)
  }

  it(`has no read older than promised (STALEPROOF_SEED=${seed})`, async () => {
    await start()
    const untilMs = monotonicMs() + runMs
    const running = workers.map((worker) => worker.call('run', runMs))
    const random = new Random(seed)
    const done = await doDamage({ arena, workers, proxies }, random, untilMs)
    const results = await Promise.all(running)
    const history = results.flatMap((result) => result.history)
    console.log(`seed ${seed}: ${done.length} faults, ${summary(history)}`)
    const { violations, reads } = checkHistory(history, { boundMs })
    expect(violations.slice(0, 3).map((violation) => storyOf(history, violation))).toEqual([])
    expect(results.flatMap((result) => result.failures).slice(0, 5)).toEqual([])
    for (const tier of ['memory', 'redis', 'source', 'joined'] as const) {
      expect(reads[tier]).toBeGreaterThan(0)
    }
    await expectConvergence()
  }, 120_000)

  it('is found guilty when processes do not keep to the rules', async () => {
    await start('deleteOnly', 'notAwaited', 'oldToken')
    for (const proxy of proxies) {
      proxy.mode('subscriber', { toServer: 'pass', toClient: { delayMs: trustMs / 3 } })
    }
    const history: HistoryRecord[] = []
    const rules = new Set<Violation['rule']>()
    const wanted: readonly Violation['rule'][] = ['own write', 'bound', 'receipt']
    // On a busy machine a run may be too short for one of them.
    for (let round = 0; round < brokenRounds && wanted.some((rule) => !rules.has(rule)); round++) {
      const results = await Promise.all(workers.map((worker) => worker.call('run', brokenRunMs)))
      history.push(...results.flatMap((result) => result.history))
      for (const { rule } of checkHistory(history, { boundMs }).violations) rules.add(rule)
    }
    expect([...rules]).toEqual(expect.arrayContaining([...wanted]))
  })

  async function expectConvergence(): Promise<void> {
    for (const worker of workers) {
      await eventually('a process is well and has told everything', async () => {
        const { state } = await worker.call('health')
        return state === 'ok' && (await worker.call('pending')) === 0
      })
    }
    const quietMs = monotonicMs() + boundMs
    await eventually('the bound has passed', () => monotonicMs() > quietMs)
    for (const worker of workers) {
      for (const family of historyFamilies) {
        for (const id of historyIds) {
          const version = arena.database.version(family, id)
          expect((await worker.call('read', family, id)).version).toBe(version)
          const strict = await worker.call('read', family, id, { consistency: 'strict' })
          expect(strict.version).toBe(version)
        }
      }
    }
  }
})

function summary(history: readonly HistoryRecord[]): string {
  const counts = new Map<string, number>()
  for (const record of history) {
    const name = record.kind === 'read' ? record.tier : record.kind
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].map(([name, count]) => `${count} ${name}`).join(', ')
}
