/** What a doctor might say of a made-up server. */
import type { DoctorAnswer } from 'staleproof/ops'

type Report = NonNullable<DoctorAnswer['report']>
type Finding = Report['findings'][number]

export function reportAt(startedMs: number): Report {
  return {
    schemaVersion: 1,
    startedMs,
    durationMs: 2840,
    server: {
      address: '127.0.0.1:6379',
      kind: 'redis',
      version: '7.0.15',
      mode: 'standalone',
      uptimeS: 1_040_220,
    },
    commands: { INFO: 3, SCAN: 118, 'MEMORY USAGE': 960 },
    keysSampled: 10_000,
    keysTotal: 412_880,
    counts: { crit: 1, warn: 2, info: 2, skipped: 1, unknown: 0, ok: 48 },
    findings,
    suppressed: 1,
  }
}

const findings: readonly Finding[] = [
  {
    id: 'KEY02',
    status: 'crit',
    subject: 'legacy:*',
    title: 'Keys that never expire',
    evidence: {
      values: { 'keys without TTL (estimate)': 33_030, 'bytes held': '41.2 MiB' },
      commands: ['SCAN 0 COUNT 100', 'PTTL legacy:basket:19'],
      sample: { sampled: 10_000, of: 412_880, share: 0.08, low: 0.0748, high: 0.0855 },
    },
    cause: 'Nothing will ever take them away but eviction, which then takes what is in use.',
    remedy: {
      text: 'Give them a TTL where they are written, or declare a family for them.',
      commands: ['staleproof doctor --explain KEY02'],
    },
    fingerprint: 'a1',
  },
  {
    id: 'MEM04',
    status: 'warn',
    title: 'Memory is 84 % used',
    evidence: {
      values: { used_memory: 2_705_829_396, maxmemory: 3_221_225_472 },
      commands: ['INFO memory'],
    },
    cause: 'Eviction begins at 100 %; a copy for persistence needs room before that.',
    remedy: { text: 'Raise maxmemory to 4 GiB.', commands: ['CONFIG SET maxmemory 4gb'] },
    fingerprint: 'a2',
  },
  {
    id: 'FAM07',
    status: 'warn',
    subject: 'marketByCondition',
    title: 'A family misses its goal',
    evidence: { values: { 'hit ratio': 0.402, goal: 0.6 }, commands: [] },
    cause: 'Its TTL is shorter than the time between two reads.',
    fingerprint: 'a3',
  },
  {
    id: 'SRV01',
    status: 'info',
    subject: 'position',
    title: 'Services declare a family differently',
    evidence: { values: { api: 'ttl 60 s', bot: 'ttl 90 s' }, commands: [] },
    fingerprint: 'a4',
  },
  {
    id: 'REP03',
    status: 'info',
    title: 'There is no replica',
    evidence: { values: { connected_slaves: 0 }, commands: ['INFO replication'] },
    fingerprint: 'a5',
  },
  {
    id: 'LAT05',
    status: 'skipped',
    title: 'Latency events',
    evidence: { values: {}, commands: ['LATENCY LATEST'] },
    reason: 'The user of this connection may not use LATENCY.',
    fingerprint: 'a6',
  },
]
