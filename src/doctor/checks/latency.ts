/** LAT01 to LAT06: how long Redis takes, as services, the server and a round trip see it. */
import { type LatencyHistogram, quantile } from '../../inspect/index.ts'
import { type Check, crit, info, levelOf, rounded, type Verdict, warn } from '../check.ts'
import type { Facts } from '../facts.ts'

const callsMin = 100
const hourMs = 3_600_000
const dayMs = 24 * hourMs
const slowEntryCritMs = 100
const slowPerHourMax = 10
const slowLogMaxUs = 10_000
const spikeMs = 100

/** Commands whose time does not grow with what is stored: a slow one was kept waiting. */
const constantTime: ReadonlySet<string> = new Set([
  ...['get', 'getdel', 'getex', 'set', 'setex', 'setnx', 'incr', 'incrby', 'exists', 'type'],
  ...['expire', 'pexpire', 'ttl', 'pttl', 'ping'],
  ...['hexists', 'hget', 'hincrby', 'hset', 'llen', 'lpop', 'lpush', 'rpop', 'rpush'],
  ...['sadd', 'scard', 'sismember', 'srem', 'xlen', 'zcard'],
])

const seenByServices: Check = {
  id: 'LAT01',
  group: 'latency',
  title: 'Services wait long for Redis',
  rule: 'p95 of calls to Redis as each process has measured it since its start.',
  thresholds: { warn: 'above 10 ms', crit: 'above 50 ms' },
  source: 'requirement F4: goal below 5 ms',
  needs: ['processes'],
  commands: ['staleproof services'],
  remedy: {
    text: 'If LAT02 is fine it is the network, TLS or the process itself; otherwise the server.',
    commands: ['redis-cli --latency'],
  },
  judge: (facts) =>
    facts.need('processes').flatMap(({ service, process, redisLatency }): Verdict[] => {
      const { count, p50Ms, p95Ms, p99Ms } = redisLatency
      const status = levelOf(p95Ms, { warn: 10, crit: 50 })
      if (count < callsMin || status === 'ok') return []
      const values = { p50Ms: rounded(p50Ms), p95Ms: rounded(p95Ms), p99Ms: rounded(p99Ms) }
      return [{ status, values: { ...values, count, process }, subject: service }]
    }),
}

const inTheServer: Check = {
  id: 'LAT02',
  group: 'latency',
  title: 'A simple command is slow in the server',
  rule:
    'p95 of the time inside the server, of commands whose time does not grow with what is ' +
    'stored, from what LATENCY HISTOGRAM has added within the window; from 100 calls on.',
  thresholds: { warn: 'above 1 ms', crit: 'above 10 ms' },
  source: 'our own',
  needs: ['histograms'],
  commands: ['LATENCY HISTOGRAM', 'INFO commandstats'],
  remedy: {
    text: 'The server has no time: look for slow commands, swapping, and other load there.',
    commands: ['SLOWLOG GET 10', 'LATENCY DOCTOR'],
  },
  judge: (facts) =>
    [...facts.need('histograms')].flatMap(([command, histogram]): Verdict[] => {
      const calls = histogram.at(-1)?.[1] ?? 0
      if (!constantTime.has(command) || calls < callsMin) return []
      const p95Us = quantileUs(histogram, 0.95)
      const status = levelOf(p95Us, { warn: 1_000, crit: 10_000 })
      if (status === 'ok') return []
      return [{ status, values: { p95Us, calls }, subject: command }]
    }),
}

/** Within a step of the histogram the calls are taken to be spread evenly. */
function quantileUs(histogram: LatencyHistogram, share: number): number {
  const wanted = (histogram.at(-1)?.[1] ?? 0) * share
  let [belowUs, belowCalls] = [0, 0]
  for (const [us, calls] of histogram) {
    if (calls >= wanted && calls > belowCalls) {
      const part = (wanted - belowCalls) / (calls - belowCalls)
      return Math.round(belowUs + part * (us - belowUs))
    }
    belowUs = us
    belowCalls = calls
  }
  return belowUs
}

const roundTrip: Check = {
  id: 'LAT03',
  group: 'latency',
  title: 'The way to the server and back is long',
  rule: 'p95 of PINGs over the window, from where the doctor runs.',
  thresholds: { warn: 'above 5 ms', crit: 'above 20 ms' },
  source: 'redis-cli --latency shows them; the bounds are ours',
  needs: ['pings'],
  commands: ['PING'],
  remedy: {
    text: 'Put services and Redis into one zone; look at TLS handshakes and at the load here.',
    commands: ['redis-cli --latency'],
  },
  judge: (facts) => {
    const times = facts.need('pings')
    const [p50Ms = 0, p95Ms = 0, p99Ms = 0] = [0.5, 0.95, 0.99].map((share) =>
      rounded(quantile(times, share)),
    )
    const values = { p50Ms, p95Ms, p99Ms, pings: times.length }
    return { status: levelOf(p95Ms, { warn: 5, crit: 20 }), values }
  },
}

const slowLog: Check = {
  id: 'LAT04',
  group: 'latency',
  title: 'Commands are slow',
  rule: 'Entries of the slow log within the last hour and day, and what is entered at all.',
  thresholds: {
    warn: 'more than 10 in an hour; switched off, or only above 10 ms',
    crit: 'one above 100 ms within a day',
  },
  source: 'the slow log of Redis; the bounds are ours',
  needs: ['slowLog'],
  commands: ['SLOWLOG LEN', 'SLOWLOG GET 128', 'CONFIG GET slowlog-log-slower-than'],
  remedy: {
    text: 'Make the slowest command smaller: fewer elements, SCAN for KEYS, UNLINK for DEL.',
    commands: ['CONFIG SET slowlog-log-slower-than 10000'],
  },
  judge: (facts) => [...slowEntries(facts), ...slowLogSetting(facts)],
}

function slowEntries(facts: Facts): readonly Verdict[] {
  const { entries } = facts.need('slowLog')
  const nowMs = facts.need('nowMs')
  const ofDay = entries.filter(({ atMs }) => atMs > nowMs - dayMs)
  const lastHour = ofDay.filter(({ atMs }) => atMs > nowMs - hourMs).length
  const slowest = ofDay.reduce((one, other) => (other.amount > one.amount ? other : one), {
    amount: 0,
    command: '',
    clientName: '',
    clientAddress: '',
  })
  const slowestMs = rounded(slowest.amount / 1_000)
  const who = slowest.clientName || slowest.clientAddress
  const values = { lastHour, lastDay: ofDay.length, slowestMs, command: slowest.command, who }
  if (slowestMs > slowEntryCritMs) return [crit(values)]
  return lastHour > slowPerHourMax ? [warn(values)] : []
}

function slowLogSetting(facts: Facts): readonly Verdict[] {
  const text = facts.find('config')?.get('slowlog-log-slower-than')
  if (text === undefined) return []
  const thresholdUs = Number(text)
  if (thresholdUs >= 0 && thresholdUs <= slowLogMaxUs) return []
  const title = thresholdUs < 0 ? 'The slow log is switched off' : 'The slow log sees too little'
  return [warn({ thresholdUs }, { subject: 'slowlog-log-slower-than', title })]
}

const spikes: Check = {
  id: 'LAT05',
  group: 'latency',
  title: 'The server had pauses',
  rule: 'LATENCY LATEST: events of the last hour, by kind. LATENCY DOCTOR is attached.',
  thresholds: { info: 'the monitor is off, as by default', warn: 'one above 100 ms in an hour' },
  source: 'LATENCY DOCTOR; the bound is ours',
  needs: ['latencyEvents'],
  commands: ['LATENCY LATEST', 'LATENCY DOCTOR'],
  remedy: {
    text: 'Turn the monitor on, and follow what LATENCY DOCTOR says of the kind of event.',
    commands: ['CONFIG SET latency-monitor-threshold 100'],
  },
  judge: (facts) => {
    const sinceMs = facts.need('nowMs') - hourMs
    const events = facts.need('latencyEvents').filter(({ atMs }) => atMs > sinceMs)
    const long = events.filter(({ latestMs }) => latestMs > spikeMs)
    const advice = facts.find('latencyDoctor') ?? ''
    const found = long.map(({ name, latestMs, maxMs }) =>
      warn({ latestMs, maxMs, advice }, { subject: name }),
    )
    const isOff = facts.find('config')?.get('latency-monitor-threshold') === '0'
    const title = 'The latency monitor is off'
    const off = info({ thresholdMs: 0 }, { subject: 'latency-monitor-threshold', title })
    return isOff ? [...found, off] : found
  },
}

const mainThread: Check = {
  id: 'LAT06',
  group: 'latency',
  title: 'The main thread of the server is busy',
  rule: 'used_cpu_user_main_thread and used_cpu_sys_main_thread within the window.',
  thresholds: { warn: 'above 70 % of a core', crit: 'above 90 %' },
  source: 'our own',
  needs: ['info'],
  commands: ['INFO cpu', 'INFO stats'],
  remedy: {
    text: 'Keep hot families in memory, use I/O threads, or divide the keys among servers.',
    commands: ['CONFIG GET io-threads'],
  },
  judge: (facts) => {
    const window = facts.need('info')
    const share = window.mainThreadShare()
    const cycles = window.findDelta('eventloop_cycles')
    const micros = window.findDelta('eventloop_duration_sum')
    const perCycle = cycles && micros ? { usPerCycle: Math.round(micros / cycles) } : {}
    const values = { percentOfCore: rounded(share * 100, 1), ...perCycle }
    return { status: levelOf(share, { warn: 0.7, crit: 0.9 }), values }
  },
}

export const latencyChecks: readonly Check[] = [
  seenByServices,
  inTheServer,
  roundTrip,
  slowLog,
  spikes,
  mainThread,
]
