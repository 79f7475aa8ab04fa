import type { MemoryStats, RegionStats } from '../../core/contracts/memory.ts'
import type { BreakerStats } from '../../core/stats.ts'
import type { PoolFacts, TaskFacts } from '../../observe/index.ts'
import type { GivenFacts } from '../facts.test-support.ts'
import { type GivenProcess, processOf } from '../process.test-support.ts'
import { describeChecks } from './fixture.test-support.ts'
import { platformChecks } from './platform.ts'

const hourMs = 3_600_000

const processes = (...given: readonly GivenProcess[]): GivenFacts => ({
  more: { processes: given.map(processOf) },
})

const breaker = (given: Partial<BreakerStats>): GivenFacts =>
  processes({
    stats: {
      breakers: {
        'redis:0': {
          state: 'closed',
          failures: 0,
          rejected: 0,
          recoveryAttempts: 0,
          recoveries: 0,
          recoveryMeanMs: undefined,
          latency: { p50Ms: 1, p99Ms: 1, maxMs: 1 },
          ...given,
        },
      },
    },
  })

const task = (given: Partial<TaskFacts>): GivenProcess => ({
  atMs: 10 * hourMs,
  parts: {
    warming: {
      name: 'markets',
      standing: 'elected',
      loads: 0,
      running: 0,
      waiting: 0,
      tasks: [
        {
          name: 'top',
          critical: false,
          everyMs: hourMs,
          executions: 1,
          successes: 1,
          failures: 0,
          isRunning: false,
          lastRunMs: 9.5 * hourMs,
          lastSuccessMs: 9.5 * hourMs,
          lastDurationMs: 5,
          lastError: undefined,
          ...given,
        },
      ],
    },
  },
})

const { memory } = processOf().stats

const held = (given: Partial<MemoryStats>, region: Partial<RegionStats> = {}): GivenFacts => {
  const evictions = { bytes: 0, entries: 0, expired: 0, stale: 0, invalidated: 0 }
  const price = { entries: 10, bytes: 1, bytesShare: 1, puts: 10, evictions, ...region }
  return processes({ stats: { memory: { ...memory, ...given, families: { price } } } })
}

const evicted = (puts: number): GivenFacts =>
  held({}, { puts, evictions: { bytes: 1_000, entries: 0, expired: 0, stale: 0, invalidated: 0 } })

const ahead = (used: number): GivenFacts =>
  processes({
    parts: {
      preloading: { activeGroups: 1, dropped: 0, families: { price: { loaded: 100, used } } },
    },
  })

const pool = (given: Partial<PoolFacts>): GivenFacts =>
  processes({
    parts: {
      database: {
        max: 20,
        used: 5,
        idle: 5,
        waiting: 0,
        queries: 100,
        waits: 0,
        queryP95Ms: 10,
        waitP95Ms: 0,
        ...given,
      },
    },
  })

const growing = (perHour: number): GivenFacts => {
  const history = Array.from({ length: 25 }, (_, hour) => ({
    atMs: hour * hourMs,
    numbers: { used_memory: 100 + hour * perHour, maxmemory: 1_000 },
  }))
  return { more: { history, nowMs: 24 * hourMs } }
}

describeChecks(platformChecks, [
  {
    id: 'PLT01',
    fires: [
      ['open', 'crit redis:0 of api', breaker({ state: 'open' })],
      ['again and again', 'warn redis:0 of api', breaker({ recoveries: 60 })],
    ],
    silent: [['closed', breaker({ recoveries: 2 })]],
  },
  {
    id: 'PLT02',
    fires: [
      [
        'a critical one failed',
        'crit top of api',
        processes(task({ critical: true, lastSuccessMs: 9 * hourMs, lastError: 'no answer' })),
      ],
      ['none succeeds', 'warn top of api', processes(task({ lastSuccessMs: hourMs }))],
    ],
    silent: [
      ['it succeeds', processes(task({ critical: true }))],
      [
        'it runs elsewhere',
        processes({
          parts: {
            warming: {
              name: 'markets',
              standing: 'elsewhere',
              loads: 0,
              running: 0,
              waiting: 0,
              tasks: [],
            },
          },
        }),
      ],
    ],
  },
  {
    id: 'PLT03',
    fires: [
      ['above its bound', 'warn api', held({ bytes: memory.bytesMax + 1 })],
      ['gone at once', 'warn price', evicted(1_000_000)],
    ],
    silent: [
      ['within its bound', held({ bytes: 5 })],
      ['entries stay', evicted(1_100)],
    ],
  },
  {
    id: 'PLT04',
    fires: [['a tenth is used', 'warn price of api', ahead(10)]],
    silent: [['half is used', ahead(50)]],
  },
  {
    id: 'PLT05',
    fires: [['two lead', 'crit markets', processes(task({}), task({}))]],
    silent: [['one leads', processes(task({}), {})]],
  },
  {
    id: 'PLT06',
    fires: [
      ['calls wait', 'warn api', pool({ waiting: 1 })],
      ['slow queries', 'crit api', pool({ queryP95Ms: 600 })],
      ['many connections', 'crit connections', pool({ used: 81 })],
      ['many queries', 'warn queries', pool({ queries: 7_200 * 300 })],
    ],
    silent: [
      ['at ease', pool({})],
      ['no database', processes({})],
    ],
  },
  {
    id: 'PLT07',
    fires: [
      ['within three days', 'warn used_memory', growing(12)],
      ['within hours', 'crit used_memory', growing(30)],
    ],
    silent: [
      ['it does not grow', growing(0)],
      ['in a month', growing(1)],
    ],
  },
])
