/**
 * A Redis that is frozen (SIGSTOP) under 500 requests a second, and goes on: what callers
 * wait for, what is queued, what memory is needed, and what the source has to do afterwards.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { defineCatalog, family, openCache, shape } from 'staleproof'
import { type FrozenServer, startServer } from '../outage/frozen-server.ts'
import { type Phase, Traffic } from '../outage/traffic.ts'
import { medianOf, percentileOf } from '../statistics.ts'
import { barOf, type Study, type StudyResult } from '../study.ts'

const perSecond = 500
const concurrency = 100
const full = { rounds: 3, frozenMs: 15_000 }
const quick = { rounds: 1, frozenMs: 6_000 }
/** As long before the freeze as after it. */
const windowMs = 5_000
const breakerMsMax = 10_000

const catalog = defineCatalog('freeze', {
  item: family('item:{key}', { value: shape<string>(), ttl: '10m' }),
})

interface Round {
  readonly normal: Phase
  readonly frozen: Phase
  readonly after: Phase
  /** Of the heap, over the time after the breaker has opened. */
  readonly growthMb: number
}

export const frozenRedis: Study = {
  name: 'frozen-redis',
  needsOwnRedis: false,
  async study(_stage, isQuick) {
    const { rounds, frozenMs } = isQuick ? quick : full
    const all: Round[] = []
    for (let round = 0; round < rounds; round++) {
      const server = await startServer()
      try {
        all.push(await measure(server, frozenMs))
      } finally {
        server.resume()
        await server.stop()
      }
    }
    return resultOf(all, frozenMs)
  },
}

async function measure(server: FrozenServer, frozenMs: number): Promise<Round> {
  const traffic = new Traffic({
    perSecond,
    get: (key) => cache.item.get(key),
    waiting: () => cache.stats().sources.item?.waiting ?? 0,
  })
  const cache = await openCache(catalog, {
    service: 'bench',
    redis: server.url,
    log: false,
    sources: { item: { one: traffic.load, concurrency } },
  })
  try {
    await traffic.run(2_000)
    const normal = await traffic.run(windowMs)
    server.freeze()
    const deadlineMs = performance.now() + breakerMsMax
    while (cache.health().state !== 'down-to-source') {
      if (performance.now() > deadlineMs) throw new Error('the breaker did not open')
      await traffic.run(100)
    }
    const before = heapMb()
    const frozen = await traffic.run(frozenMs)
    const growthMb = heapMb() - before
    server.resume()
    return { normal, frozen, after: await traffic.run(windowMs), growthMb }
  } finally {
    server.resume()
    await pause(100)
    await cache.close()
  }
}

function heapMb(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 1_048_576
}

function resultOf(rounds: readonly Round[], frozenMs: number): StudyResult {
  const rowOf = (name: string, phases: readonly Phase[], ms: number) => ({
    name,
    figures: [
      medianOf(phases.map(({ getsMs }) => percentileOf(getsMs, 0.5))),
      medianOf(phases.map(({ getsMs }) => percentileOf(getsMs, 0.99))),
      medianOf(phases.map(({ callsMs }) => percentileOf(callsMs, 0.99))),
      medianOf(phases.map(({ callsMs }) => callsMs.length / (ms / 1_000))),
      Math.max(...phases.map(({ waitingMax }) => waitingMax)),
    ],
  })
  const p99Ratio = ({ frozen }: Round) =>
    percentileOf(frozen.getsMs, 0.99) / percentileOf(frozen.callsMs, 0.99)
  const all = rounds.flatMap(({ normal, frozen, after }) => [normal, frozen, after])
  const frozen = rounds.map((round) => round.frozen)
  return {
    title: `Frozen Redis under ${perSecond} requests a second`,
    method: `SIGSTOP; medians of ${rounds.length} rounds; frozen: once the breaker is open`,
    columns: ['get p50 ms', 'get p99 ms', 'source p99 ms', 'source calls/s', 'waiting at most'],
    plotted: 'get p99 ms',
    rows: [
      rowOf(
        'before',
        rounds.map(({ normal }) => normal),
        windowMs,
      ),
      rowOf('frozen', frozen, frozenMs),
      rowOf(
        'the 5 s after',
        rounds.map(({ after }) => after),
        windowMs,
      ),
    ],
    bars: [
      barOf("p99 of get to the source's own, frozen", medianOf(rounds.map(p99Ratio)), 1.2),
      barOf('calls that waited for a turn', Math.max(...frozen.map((one) => one.waitingMax)), 100),
      barOf('growth of the heap while frozen, MB', medianOf(rounds.map((r) => r.growthMb)), 2),
      barOf('source calls after to before', medianOf(rounds.map(afterToBefore)), 2),
      barOf(
        'requests that failed',
        all.reduce((sum, { failures }) => sum + failures, 0),
        0,
      ),
    ],
  }
}

function afterToBefore({ normal, after }: Round): number {
  return after.callsMs.length / normal.callsMs.length
}
