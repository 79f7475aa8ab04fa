import { expect, test } from 'vitest'
import type { SlowEntry } from '../../inspect/index.ts'
import { factsOf, type GivenFacts } from '../facts.test-support.ts'
import { processOf } from '../process.test-support.ts'
import { runChecks } from '../run-checks.ts'
import { describeChecks } from './fixture.test-support.ts'
import { latencyChecks } from './latency.ts'

const hourMs = 3_600_000
const nowMs = 100 * hourMs

const served = (p95Ms: number, count = 1_000): GivenFacts => ({
  more: {
    processes: [
      processOf({ redisLatency: { count, p50Ms: 1, p95Ms, p99Ms: p95Ms, maxMs: p95Ms } }),
    ],
  },
})

const histogram = (command: string, edges: readonly (readonly [number, number])[]): GivenFacts => ({
  more: { histograms: new Map([[command, edges]]) },
})

const pings = (ms: number): GivenFacts => ({
  more: { pings: Array.from({ length: 200 }, (_, at) => (at < 180 ? 0.2 : ms)) },
})

const slow = (count: number, us: number, ageMs = 60_000): GivenFacts => {
  const entry: SlowEntry = {
    id: 1,
    atMs: nowMs - ageMs,
    amount: us,
    command: 'hgetall',
    args: [],
    clientAddress: '',
    clientName: 'api',
  }
  const entries = Array.from({ length: count }, () => entry)
  return { more: { slowLog: { length: count, entries }, nowMs } }
}

const threshold = (us: string): GivenFacts => ({
  ...slow(0, 0),
  config: { 'slowlog-log-slower-than': us },
})

const pause = (latestMs: number, ageMs = 60_000): GivenFacts => ({
  config: { 'latency-monitor-threshold': '100' },
  more: {
    latencyEvents: [{ name: 'fork', atMs: nowMs - ageMs, latestMs, maxMs: latestMs }],
    nowMs,
  },
})

const cpu = (seconds: number): GivenFacts => ({
  info: { used_cpu_user_main_thread: seconds, used_cpu_sys_main_thread: 1 },
  before: { used_cpu_user_main_thread: 0, used_cpu_sys_main_thread: 1 },
})

describeChecks(latencyChecks, [
  {
    id: 'LAT01',
    fires: [
      ['above 10 ms', 'warn api', served(20)],
      ['above 50 ms', 'crit api', served(60)],
    ],
    silent: [
      ['below', served(4)],
      ['too few calls', served(60, 5)],
    ],
  },
  {
    id: 'LAT02',
    fires: [
      [
        'a GET above 1 ms',
        'warn get',
        histogram('get', [
          [1_024, 10],
          [4_096, 1_000],
        ]),
      ],
      [
        'a GET above 10 ms',
        'crit get',
        histogram('get', [
          [1_024, 10],
          [32_768, 1_000],
        ]),
      ],
    ],
    silent: [
      [
        'a fast GET',
        histogram('get', [
          [8, 990],
          [4_096, 1_000],
        ]),
      ],
      ['a command that may take long', histogram('hgetall', [[4_096, 1_000]])],
      ['too few calls', histogram('get', [[4_096, 5]])],
    ],
  },
  {
    id: 'LAT03',
    fires: [
      ['above 5 ms', 'warn', pings(8)],
      ['above 20 ms', 'crit', pings(30)],
    ],
    silent: [['below', pings(1)]],
  },
  {
    id: 'LAT04',
    fires: [
      ['many in an hour', 'warn', slow(11, 20_000)],
      ['a very slow one', 'crit', slow(1, 150_000)],
      ['switched off', 'warn slowlog-log-slower-than', threshold('-1')],
      ['sees too little', 'warn slowlog-log-slower-than', threshold('50000')],
    ],
    silent: [
      ['a few', slow(5, 20_000)],
      ['one of last week', slow(1, 150_000, 72 * hourMs)],
      ['as by default', threshold('10000')],
    ],
  },
  {
    id: 'LAT05',
    fires: [
      ['a pause', 'warn fork', pause(150)],
      [
        'the monitor is off',
        'info latency-monitor-threshold',
        { config: { 'latency-monitor-threshold': '0' }, more: { latencyEvents: [], nowMs } },
      ],
    ],
    silent: [
      ['a short one', pause(50)],
      ['one of yesterday', pause(150, 24 * hourMs)],
    ],
  },
  {
    id: 'LAT06',
    fires: [
      ['above 70 %', 'warn', cpu(8)],
      ['above 90 %', 'crit', cpu(9.5)],
    ],
    silent: [['below', cpu(3)]],
  },
])

test('a quantile is read between the steps of the histogram', async () => {
  const facts = factsOf(
    histogram('get', [
      [1_024, 900],
      [2_048, 1_000],
    ]),
  )
  const [finding] = await runChecks(
    latencyChecks.filter(({ id }) => id === 'LAT02'),
    facts,
  )
  expect(finding?.evidence.values.p95Us).toBe(1_536)
})
