/**
 * Three processes with memory on read and write a few registers at random while faults
 * happen to them, to the network and to Redis. An independent judge then looks for one read
 * that was older than promised. STALEPROOF_SEED repeats the decisions of a run; the operating
 * system still decides who is first.
 */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { spawnWorker, type TestWorker } from '../servers/processes.ts'
import { type RedisProxy, startProxy } from '../servers/proxy.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { Arena, trustMs } from './arena.ts'
import { checkHistory, type HistoryOperation, type Violation } from './history-checker.ts'
import { historyFamilies, historyIds } from './history-client.ts'
import type { HistoryCalls, HistoryInit } from './history-worker.ts'
import { doDamage } from './nemesis.ts'
import { Random, seedOfRun } from './random.ts'
import { monotonicMs } from './reading.ts'

const file = new URL('./history-worker.ts', import.meta.url)
const runMs = 20_000
const brokenRunMs = 2_500
const lagMsMax = 30
const storyLength = 40
/** ρ, and a millisecond for the rounding of times. */
const memoryBoundMs = trustMs * 1.001 + 1

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
    const violations = checkHistory(history, memoryBoundMs)
    expect(violations.slice(0, 3).map((violation) => story(history, violation))).toEqual([])
    expect(results.flatMap((result) => result.failures).slice(0, 5)).toEqual([])
    for (const from of ['memory', 'redis', 'source', 'joined']) {
      expect(history.some((each) => each.kind === 'read' && each.note.startsWith(from))).toBe(true)
    }
    await expectConvergence()
  }, 120_000)

  it('is found guilty when processes do not keep to the rules', async () => {
    await start('deleteOnly', 'notAwaited', 'oldToken')
    for (const proxy of proxies) {
      proxy.mode('subscriber', { toServer: 'pass', toClient: { delayMs: trustMs / 3 } })
    }
    const results = await Promise.all(workers.map((worker) => worker.call('run', brokenRunMs)))
    const history = results.flatMap((result) => result.history)
    const rules = checkHistory(history, memoryBoundMs).map((violation) => violation.rule)
    expect(rules).toContain('own write')
    expect(rules).toContain('bound')
    expect(rules).toContain('receipt')
  })

  async function expectConvergence(): Promise<void> {
    for (const worker of workers) {
      await eventually('a process is well and has told everything', async () => {
        const { state } = await worker.call('health')
        return state === 'ok' && (await worker.call('pending')) === 0
      })
    }
    const quietMs = monotonicMs() + memoryBoundMs
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

/** What happened to the register just before a read that broke a promise. */
function story(
  history: readonly HistoryOperation[],
  { rule, read, expected }: Violation,
): string[] {
  const { key, returnedMs } = read
  const before = history.filter((each) => each.key === key && each.invokedMs <= returnedMs)
  const lines = before
    .sort((left, right) => left.returnedMs - right.returnedMs)
    .slice(-storyLength)
    .map((each) => {
      const from = (each.invokedMs - returnedMs).toFixed(1)
      const to = (each.returnedMs - returnedMs).toFixed(1)
      const mark = each === read ? '<-' : ''
      return `${from}…${to} ${each.process} ${each.kind} ${each.version} (${each.note}) ${mark}`
    })
  return [`${key}: ${rule}, expected ${expected}, saw ${read.version}`, ...lines]
}

function summary(history: readonly HistoryOperation[]): string {
  const counts = new Map<string, number>()
  for (const operation of history) {
    const isWrite = operation.kind === 'write'
    const name = isWrite ? 'written' : (operation.note.split(' ')[0] ?? '')
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].map(([name, count]) => `${count} ${name}`).join(', ')
}
