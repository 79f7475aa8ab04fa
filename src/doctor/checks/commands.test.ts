import type { SlowEntry } from '../../inspect/index.ts'
import type { ProcessFacts } from '../../observe/index.ts'
import type { CodeFault, SourceAudit } from '../code/source-audit.ts'
import type { GivenFacts } from '../facts.test-support.ts'
import { coherenceOf, type GivenProcess, processOf } from '../process.test-support.ts'
import { hitRateChecks } from './commands/hit-rate.ts'
import { commandChecks } from './commands.ts'
import { describeChecks } from './fixture.test-support.ts'

type Breadth = NonNullable<ProcessFacts['breadth']>

const keysStat = (calls: number) => `calls=${calls},usec=1,usec_per_call=1`

const slow = (given: Partial<SlowEntry>): SlowEntry => ({
  id: 1,
  atMs: 0,
  amount: 20_000,
  command: 'get',
  args: ['a'],
  clientAddress: '10.0.0.1:5000',
  clientName: 'api',
  ...given,
})

const info = { info: { total_commands_processed: 1_000 }, before: { total_commands_processed: 0 } }

const logged = (entry: Partial<SlowEntry>): GivenFacts => ({
  ...info,
  more: { slowLog: { length: 1, entries: [slow(entry)] } },
})

const processes = (...given: readonly GivenProcess[]): GivenFacts => ({
  ...info,
  more: {
    processes: given.map(processOf),
    caches: new Map([['n', given.map(processOf)]]),
  },
})

/** Of a process that has run for so many hours. */
const broad = (given: Partial<Breadth>, hours = 2): GivenFacts => {
  const base: Breadth = {
    ...{ calls: 0, keysP95: 0, keysMax: 0, wholesale: 0, lastWholesale: undefined },
    ...{ reloads: 0, unchanged: 0 },
  }
  return processes({ breadth: { ...base, ...given }, atMs: hours * 3_600_000 })
}

const fault: CodeFault = {
  rule: {
    name: 'flush',
    severity: 'crit',
    title: 'A whole database is flushed',
    cause: '',
    remedy: '',
    example: [],
    find: () => [],
  },
  file: 'a.ts',
  line: 3,
  text: 'redis.flushall()',
}

const audited = (audit: Partial<SourceAudit>): GivenFacts => ({
  more: { code: { filesRead: 1, leftOut: [], faults: [], faultsTotal: 0, ...audit } },
})

const calls = (count: number, pages: number): GivenFacts =>
  processes({
    redisLatency: { count, p50Ms: 1, p95Ms: 1, p99Ms: 1, maxMs: 1 },
    parts: { pages: [{ page: '/', requests: pages, errors: 0, p95Ms: 5 }] },
  })

const replies = (bytes: number, commands = 1_000): GivenFacts => ({
  info: { total_commands_processed: commands, total_net_output_bytes: bytes },
  before: { total_commands_processed: 0, total_net_output_bytes: 0 },
})

const errors = (code: string, count: number, before = 0): GivenFacts => ({
  info: { total_commands_processed: 1_000, [`errorstat_${code}`]: `count=${count}` },
  before: { total_commands_processed: 0, [`errorstat_${code}`]: `count=${before}` },
})

const listening = (subscribers: number, given: GivenProcess = {}): GivenFacts => ({
  more: {
    caches: new Map([
      ['n', [processOf(given)]],
      ['other', []],
    ]),
    channels: new Map([
      ['cache:invalidate:{n:0}', subscribers],
      ['cache:invalidate:{other:0}', 0],
    ]),
  },
})

const stale = (now: number): GivenFacts => ({
  more: {
    processes: [processOf({ stats: { coherence: coherenceOf({ staleReads: { price: 3 } }) } })],
    history: [
      { atMs: 0, numbers: { staleReads: 3 } },
      { atMs: 3_000_000, numbers: { staleReads: now } },
    ],
    nowMs: 3_060_000,
  },
})

const noMemory = { ...processOf().stats.memory, bytesMax: 0 }

const others = commandChecks.filter((check) => !hitRateChecks.includes(check))

describeChecks(others, [
  {
    id: 'CMD01',
    fires: [
      [
        'KEYS now',
        'crit keys',
        { info: { cmdstat_keys: keysStat(2) }, before: { cmdstat_keys: keysStat(1) } },
      ],
      [
        'KEYS before',
        'warn keys',
        { info: { cmdstat_keys: keysStat(2) }, before: { cmdstat_keys: keysStat(2) } },
      ],
      ['a slow HGETALL', 'warn hgetall', logged({ command: 'hgetall' })],
    ],
    silent: [
      ['no KEYS', { info: { cmdstat_get: keysStat(9) } }],
      ['a slow GET', logged({ command: 'get' })],
    ],
  },
  {
    id: 'CMD02',
    fires: [
      [
        'a service may',
        'warn api',
        { more: { dryRuns: [{ user: 'api', command: 'KEYS', isAllowed: true }] } },
      ],
    ],
    silent: [
      ['nobody may', { more: { dryRuns: [{ user: 'api', command: 'KEYS', isAllowed: false }] } }],
    ],
  },
  {
    id: 'CMD03',
    fires: [
      ['one place', 'crit flush a.ts', audited({ faults: [fault], faultsTotal: 1 })],
      [
        'two in one file',
        'crit flush a.ts, crit flush a.ts #2',
        audited({ faults: [fault, fault], faultsTotal: 2 }),
      ],
      [
        'a file that was not read',
        'unknown files left out',
        audited({ leftOut: [{ path: 'b.ts', why: 'not parsed' }] }),
      ],
      ['more than is kept', 'warn more places', audited({ faultsTotal: 1 })],
    ],
    silent: [['nothing found', audited({})]],
  },
  {
    id: 'CMD04',
    fires: [
      [
        'a flush now',
        'crit flushall',
        { info: { cmdstat_flushall: keysStat(1) }, before: { cmdstat_flushall: keysStat(0) } },
      ],
      [
        'a flush before',
        'info flushdb',
        { info: { cmdstat_flushdb: keysStat(1) }, before: { cmdstat_flushdb: keysStat(1) } },
      ],
      [
        'a long DEL',
        'warn del',
        logged({ command: 'del', args: ['a', '... (500 more arguments)'] }),
      ],
      [
        'a list that was full',
        'warn api',
        processes({ stats: { delivery: { ...processOf().stats.delivery, overflows: 1 } } }),
      ],
      [
        'a family for one subject',
        'crit api',
        broad({ wholesale: 20, lastWholesale: 'positions:*' }),
      ],
      ['a family for one subject, every hour', 'crit api', broad({ wholesale: 720 }, 720)],
      ['many keys at a time', 'warn api', broad({ calls: 20, keysP95: 101, keysMax: 5_000 })],
      ['what had not changed', 'warn api', broad({ reloads: 100, unchanged: 51 })],
    ],
    silent: [
      ['no flush', info],
      ['what an administrator clears', broad({ wholesale: 19, lastWholesale: 'family:positions' })],
      ['what an administrator clears in a month', broad({ wholesale: 100 }, 720)],
      ['a process of the version before', processes({ breadth: undefined })],
      ['few keys at a time', broad({ calls: 20, keysP95: 100, keysMax: 5_000 })],
      ['hardly any invalidations', broad({ calls: 19, keysP95: 101, keysMax: 101 })],
      ['what had changed', broad({ reloads: 100, unchanged: 50 })],
      ['hardly any loads', broad({ reloads: 99, unchanged: 99 })],
      ['a short DEL', logged({ command: 'del', args: ['a', 'b'] })],
      ['lists with room', processes({})],
    ],
  },
  {
    id: 'CMD05',
    fires: [
      ['nobody listens', 'crit cache:invalidate:{n:0}', listening(0)],
      [
        'a long lag',
        'warn api',
        listening(1, {
          stats: {
            coherence: coherenceOf({ lag: { count: 9, p50Ms: 9, p99Ms: 900, maxMs: 900 } }),
          },
        }),
      ],
    ],
    silent: [
      ['all listen', listening(1)],
      ['who has no memory need not', listening(0, { stats: { memory: noMemory } })],
    ],
  },
  {
    id: 'CMD08',
    fires: [['twenty calls for a page', 'warn api', calls(20_000, 1_000)]],
    silent: [
      ['two calls for a page', calls(2_000, 1_000)],
      ['hardly any pages', calls(20_000, 10)],
    ],
  },
  {
    id: 'CMD09',
    fires: [
      ['large on average', 'warn mean reply', replies(100_000_000)],
      [
        'one large reply',
        'warn reply',
        {
          ...info,
          more: { commandLog: { requests: [], replies: [slow({ amount: 2_000_000 })] } },
        },
      ],
    ],
    silent: [
      ['small on average', replies(1_000_000)],
      ['too few to say', replies(10_000_000, 50)],
      [
        'no large entry',
        { ...info, more: { commandLog: { requests: [slow({ amount: 9 })], replies: [] } } },
      ],
    ],
  },
  {
    id: 'CMD10',
    fires: [
      ['OOM now', 'crit OOM', errors('OOM', 1)],
      ['OOM before', 'warn OOM', errors('OOM', 1, 1)],
      ['many of one kind', 'warn NOPERM', errors('NOPERM', 30)],
    ],
    silent: [
      ['a few', errors('ERR', 3)],
      ['only before', errors('ERR', 300, 300)],
    ],
  },
  {
    id: 'CMD11',
    fires: [
      [
        'codecs differ',
        'crit price',
        processes(
          { service: 'api', families: { price: {} } },
          { service: 'bot', families: { price: { codec: 'msgpack' } } },
        ),
      ],
      [
        'TTLs differ',
        'warn price',
        processes({ families: { price: {} } }, { families: { price: { ttlMs: 5 } } }),
      ],
    ],
    silent: [['all agree', processes({ families: { price: {} } }, { families: { price: {} } })]],
  },
  {
    id: 'CMD12',
    fires: [
      ['just now', 'crit price', stale(1)],
      ['long ago', 'warn price', stale(0)],
    ],
    silent: [['none', processes({ stats: { coherence: coherenceOf() } })]],
  },
])
