import { expect, test } from 'vitest'
import { parseClientList } from './client-list.ts'
import { parseClusterNodes } from './cluster-nodes.ts'
import { commandName } from './command-name.ts'
import { parseInfo } from './info.ts'
import { parseLatencyHistograms, parseLatencyLatest } from './latency.ts'
import { parseHotKeys, parseSlotStats } from './server-load.ts'
import { parseSlowLog } from './slow-log.ts'

const info = parseInfo(
  [
    '# Server',
    'redis_version:7.0.15',
    '',
    '# Memory',
    'used_memory:1024',
    'mem_fragmentation_ratio:1.50',
    'empty:',
    '# Commandstats',
    'cmdstat_get:calls=3,usec=6,usec_per_call=2.00,rejected_calls=1,failed_calls=2',
    'cmdstat_config|get:calls=1,usec=9,usec_per_call=9.00',
    '# Errorstats',
    'errorstat_WRONGTYPE:count=2',
    '# Latencystats',
    'latency_percentiles_usec_get:p50=1.003,p99=5.023',
    '# Replication',
    'slave0:ip=10.0.0.2,port=6380,state=online,offset=5,lag=1',
    '# Keyspace',
    'db0:keys=10,expires=4,avg_ttl=5',
    'db7:keys=1,expires=0,avg_ttl=0',
  ].join('\r\n'),
)

test('INFO is read by field, and what is not there is not 0', () => {
  expect(info.text('redis_version')).toBe('7.0.15')
  expect(info.number('used_memory')).toBe(1024)
  expect(info.number('mem_fragmentation_ratio')).toBe(1.5)
  expect(info.number('empty')).toBeUndefined()
  expect(info.number('redis_version')).toBeUndefined()
  expect(info.number('maxmemory')).toBeUndefined()
  expect(info.sections.Server).toEqual({ redis_version: '7.0.15' })
})

test('INFO has databases, commands, errors, latencies and replicas', () => {
  expect(info.keyspace()).toEqual([
    { db: 0, keys: 10, expires: 4 },
    { db: 7, keys: 1, expires: 0 },
  ])
  expect(info.commands()).toEqual([
    { name: 'get', calls: 3, us: 6, usPerCall: 2, rejected: 1, failed: 2 },
    { name: 'config|get', calls: 1, us: 9, usPerCall: 9, rejected: 0, failed: 0 },
  ])
  expect(info.errors()).toEqual(new Map([['WRONGTYPE', 2]]))
  expect(info.latencies()).toEqual(new Map([['get', { p50: 1.003, p99: 5.023 }]]))
  expect(info.replicas()).toEqual([
    { host: '10.0.0.2', port: 6380, state: 'online', offset: 5, lagS: 1 },
  ])
})

test('CLIENT LIST has a row for each connection, also of an old server', () => {
  const rows = parseClientList(
    'id=3 addr=127.0.0.1:50000 name=api age=7 idle=2 flags=N db=0 sub=1 psub=2 ssub=3 omem=9 ' +
      'tot-mem=22400 cmd=CONFIG|GET user=default lib-name=ioredis\n' +
      'id=4 addr=10.0.0.1:1 age=1 idle=0 flags=S db=0 sub=0 psub=0 omem=0 cmd=get\n',
  )
  expect(rows).toMatchObject([
    {
      id: 3,
      name: 'api',
      library: 'ioredis',
      user: 'default',
      ageS: 7,
      idleS: 2,
      command: 'config|get',
      memoryBytes: 22_400,
      outputBytes: 9,
      subscriptions: 6,
    },
    { id: 4, name: '', library: '', user: '', memoryBytes: undefined, subscriptions: 0 },
  ])
})

test('SLOWLOG entries have who and what; what is no entry is left out', () => {
  const reply = [[5, 1_700_000_000, 12_000, ['KEYS', 'user:*'], '10.0.0.1:5', 'api'], null]
  expect(parseSlowLog(reply)).toEqual([
    {
      id: 5,
      atMs: 1_700_000_000_000,
      amount: 12_000,
      command: 'keys',
      args: ['user:*'],
      clientAddress: '10.0.0.1:5',
      clientName: 'api',
    },
  ])
})

test('LATENCY LATEST and LATENCY HISTOGRAM are read', () => {
  expect(parseLatencyLatest([['fork', 1_700_000_000, 5, 9]])).toEqual([
    { name: 'fork', atMs: 1_700_000_000_000, latestMs: 5, maxMs: 9 },
  ])
  const reply = ['get', ['calls', 7, 'histogram_usec', [1, 5, 2, 7]]]
  expect(parseLatencyHistograms(reply)).toEqual(
    new Map([
      [
        'get',
        [
          [1, 5],
          [2, 7],
        ],
      ],
    ]),
  )
})

test('CLUSTER NODES has addresses, roles and slots', () => {
  const rows = parseClusterNodes(
    'a 10.0.0.1:7000@17000,host myself,master - 0 1 1 connected 0-5460 9000 [5461->-b]\n' +
      'b fd00::1:7001@17001 slave,fail? a 0 1 1 disconnected\n',
  )
  expect(rows).toMatchObject([
    { id: 'a', host: '10.0.0.1', port: 7000, isPrimary: true, slots: 5_462, isConnected: true },
    { id: 'b', host: 'fd00::1', port: 7001, isPrimary: false, primaryId: 'a', isFailing: true },
  ])
  expect(rows).toMatchObject([
    { hostname: 'host', firstSlot: 0 },
    { hostname: undefined, firstSlot: undefined },
  ])
})

test('commands have the names that rights have', () => {
  expect(commandName(['GET', 'Config'])).toBe('get')
  expect(commandName(['CONFIG', 'Get', 'x'])).toBe('config|get')
  expect(commandName(['client', 'no-touch', 'on'])).toBe('client|no-touch')
})

const session = [
  ...['tracking-active', 1, 'sample-ratio', 2, 'selected-slots', []],
  ...['all-commands-all-slots-us', 220, 'net-bytes-all-commands-all-slots', 200],
  ...['collection-start-time-unix-ms', 1_769_420_604_522, 'collection-duration-ms', 6_408],
  ...['by-cpu-time-us', ['x', 104, 'y', 98], 'by-net-bytes', ['y', 150]],
]

test.each([
  ['alone', session],
  ['in a list of its own', [session]],
])('HOTKEYS GET gives what keys took of the server: a session %s', (_how, reply) => {
  expect(parseHotKeys(reply)).toEqual({
    isActive: true,
    sampleRatio: 2,
    startedMs: 1_769_420_604_522,
    durationMs: 6_408,
    cpuUs: 220,
    netBytes: 200,
    keys: [
      { name: 'x', cpuUs: 104, netBytes: undefined },
      { name: 'y', cpuUs: 98, netBytes: 150 },
    ],
  })
})

test('what a session of HOTKEYS does not tell is not known', () => {
  expect(parseHotKeys(['tracking-active', 0])).toEqual({ isActive: false, keys: [] })
})

test('no session of HOTKEYS is none', () => {
  expect(parseHotKeys(null)).toBeUndefined()
  expect(parseHotKeys([])).toBeUndefined()
})

test('CLUSTER SLOT-STATS gives keys and time by slot, where time is counted', () => {
  const reply = [
    [12_426, ['key-count', 45, 'cpu-usec', 7]],
    [13_902, ['key-count', 20]],
  ]
  expect(parseSlotStats(reply)).toEqual([{ slot: 12_426, keys: 45, cpuUs: 7 }])
})
