import type { GivenFacts } from '../facts.test-support.ts'
import { processOf } from '../process.test-support.ts'
import { describeChecks } from './fixture.test-support.ts'
import { persistenceChecks } from './persistence.ts'

const off = { save: '', appendonly: 'no' }
const on = { save: '3600 1', appendonly: 'no' }

const saved = (given: Readonly<Record<string, string>>): GivenFacts => ({
  info: { rdb_last_bgsave_status: 'ok', aof_last_write_status: 'ok', ...given },
})

const families = (config: Readonly<Record<string, string>>, hasSource: boolean): GivenFacts => ({
  config,
  more: { processes: [processOf({ families: { price: { hasSource } } })] },
})

const memory = (used: number, forkUs = 0): GivenFacts => ({
  info: { used_memory: used, total_system_memory: 100, latest_fork_usec: forkUs },
  config: on,
})

const fsync = (delayed: number, appendfsync: string, isOn = 1): GivenFacts => ({
  info: { aof_enabled: isOn, aof_delayed_fsync: delayed },
  before: { aof_delayed_fsync: 0 },
  config: { ...off, appendfsync },
})

describeChecks(persistenceChecks, [
  {
    id: 'PER01',
    fires: [
      ['a snapshot failed', 'crit', saved({ rdb_last_bgsave_status: 'err' })],
      ['the file failed', 'crit', saved({ aof_last_write_status: 'err' })],
    ],
    silent: [['all went well', saved({})]],
  },
  {
    id: 'PER02',
    fires: [['all can be loaded', 'info', families(on, true)]],
    silent: [
      ['it is off', families(off, true)],
      ['a family can only be set', families(on, false)],
      [
        'there is a queue',
        {
          ...families(on, true),
          keys: [{ name: 'bull:mail:wait', type: 'list', ttlMs: undefined }],
        },
      ],
    ],
  },
  {
    id: 'PER03',
    fires: [
      [
        'a stream',
        'crit',
        { config: off, keys: [{ name: 'orders', type: 'stream', ttlMs: undefined }] },
      ],
      [
        'a queue',
        'crit',
        { config: off, keys: [{ name: 'bull:mail:wait', type: 'list', ttlMs: undefined }] },
      ],
    ],
    silent: [
      ['it is kept', { config: on, keys: [{ name: 'orders', type: 'stream', ttlMs: undefined }] }],
      ['values alone', { config: off, keys: [{ name: 'price:1' }] }],
      [
        'what a cache keeps beside its slots',
        { config: off, keys: [{ name: '{n:0}:o:history', type: 'stream', ttlMs: undefined }] },
      ],
    ],
  },
  {
    id: 'PER04',
    fires: [
      ['above 80 %', 'warn', memory(85)],
      ['above 95 %', 'crit', memory(97)],
      ['a slow fork', 'warn', memory(10, 600_000)],
    ],
    silent: [
      ['room', memory(50)],
      ['nothing forks', { ...memory(97), config: off }],
    ],
  },
  {
    id: 'PER05',
    fires: [
      ['a delayed fsync', 'warn', fsync(1, 'everysec')],
      ['always', 'warn', fsync(0, 'always')],
    ],
    silent: [
      ['every second', fsync(0, 'everysec')],
      ['no file', fsync(0, 'always', 0)],
    ],
  },
])
