/** PER01 to PER05: what is kept on disk, what should be, and what it costs. */
import { type Check, crit, info, levelOf, megabytes, ok, rounded, warn } from '../check.ts'
import type { Facts } from '../facts.ts'
import { isDurable } from './memory/eviction.ts'

const forkMsMax = 500

const failed: Check = {
  id: 'PER01',
  group: 'persistence',
  title: 'The last write to disk failed',
  rule: 'rdb_last_bgsave_status, aof_last_write_status and aof_last_bgrewrite_status.',
  thresholds: { crit: 'one of them is not ok' },
  source: 'redis_exporter',
  needs: ['info'],
  commands: ['INFO persistence', 'CONFIG GET stop-writes-on-bgsave-error'],
  remedy: {
    text: 'Look at space and rights of the folder, and at the log of the server.',
    commands: ['CONFIG GET dir', 'LASTSAVE'],
  },
  judge: (facts) => {
    const window = facts.need('info')
    const statuses = [
      ['rdb_last_bgsave_status', window.text('rdb_last_bgsave_status')],
      ['aof_last_write_status', window.findText('aof_last_write_status') ?? 'ok'],
      ['aof_last_bgrewrite_status', window.findText('aof_last_bgrewrite_status') ?? 'ok'],
    ]
    const values = Object.fromEntries(statuses)
    if (statuses.every(([, status]) => status === 'ok')) return ok(values)
    const stops = facts.find('config')?.get('stop-writes-on-bgsave-error') === 'yes'
    const cause = stops ? 'Writes are refused from now on: stop-writes-on-bgsave-error.' : undefined
    return crit(values, { cause })
  },
}

const ofCache: Check = {
  id: 'PER02',
  group: 'persistence',
  title: 'A pure cache is kept on disk',
  rule: 'save and appendonly, where every family that processes declare can be loaded again.',
  thresholds: { info: 'one of them is on' },
  source: 'our own',
  needs: ['config', 'processes'],
  uses: ['sample'],
  commands: ['CONFIG GET save', 'CONFIG GET appendonly'],
  remedy: {
    text: 'Turn it off: no forks, no waiting for the disk, and nothing old after a restart.',
    commands: ["CONFIG SET save ''", 'CONFIG SET appendonly no'],
  },
  judge: (facts) => {
    const { isOn, values } = persistenceOf(facts)
    const families = new Map<string, boolean>()
    for (const { families: declared } of facts.need('processes')) {
      for (const [name, { hasSource }] of Object.entries(declared)) {
        families.set(name, hasSource || families.get(name) === true)
      }
    }
    const isReloadable = [...families.values()].every(Boolean) && !hasDurable(facts)
    return isOn && isReloadable ? info(values) : ok(values)
  },
}

const unkept: Check = {
  id: 'PER03',
  group: 'persistence',
  title: 'Queues or locks are kept in memory alone',
  rule: 'Streams, and keys named like queues and locks, without TTL; save and appendonly are off.',
  thresholds: { crit: 'there are such keys and both are off' },
  source: 'our own',
  needs: ['config', 'sample'],
  commands: ['CONFIG GET save', 'CONFIG GET appendonly', 'SCAN'],
  remedy: {
    text: 'Move them to a server of their own, or keep an append-only file.',
    commands: ['CONFIG SET appendonly yes', 'CONFIG SET appendfsync everysec'],
  },
  judge: (facts) => {
    const { isOn, values } = persistenceOf(facts)
    const durable = durableIn(facts)
    if (isOn || durable.length === 0) return ok(values)
    const [example = ''] = durable
    return crit({ ...values, found: durable.length, example })
  },
}

function persistenceOf(facts: Facts) {
  const config = facts.need('config')
  const [save, appendonly] = [config.get('save') ?? '', config.get('appendonly') ?? 'no']
  return { isOn: save !== '' || appendonly === 'yes', values: { save, appendonly } }
}

function hasDurable(facts: Facts): boolean {
  return facts.find('sample') !== undefined && durableIn(facts).length > 0
}

function durableIn(facts: Facts): readonly string[] {
  return facts
    .need('sample')
    .keys.filter(isDurable)
    .map(({ name }) => name)
}

const fork: Check = {
  id: 'PER04',
  group: 'persistence',
  title: 'A fork may not find the memory it needs',
  rule:
    'used_memory and what the last fork copied, against total_system_memory; and how long it ' +
    'took. Only where something forks: persistence, or replicas.',
  thresholds: { warn: 'above 80 %, or 500 ms', crit: 'above 95 %' },
  source: 'LATENCY DOCTOR names forks; the bounds are ours',
  needs: ['info'],
  commands: ['INFO memory', 'INFO persistence', 'INFO stats'],
  remedy: {
    text: 'Lower maxmemory, switch transparent huge pages off, or do without persistence.',
    commands: ['CONFIG GET maxmemory'],
  },
  judge: (facts) => {
    const window = facts.need('info')
    const total = window.number('total_system_memory')
    const copied = window.findNumber('rdb_last_cow_size') ?? 0
    const needed = window.number('used_memory') + copied
    const forkMs = rounded((window.findNumber('latest_fork_usec') ?? 0) / 1_000)
    const percent = rounded((needed / total) * 100, 1)
    const values = { neededMb: megabytes(needed), totalMb: megabytes(total), percent, forkMs }
    if (!forks(facts)) return ok(values)
    const level = levelOf(percent, { warn: 80, crit: 95 })
    return level === 'ok' && forkMs > forkMsMax ? warn(values) : { status: level, values }
  },
}

/** A replica that connects makes a primary fork even where nothing is kept. */
function forks(facts: Facts): boolean {
  const window = facts.need('info')
  const isOn = facts.find('config') === undefined || persistenceOf(facts).isOn
  return isOn || (window.findNumber('connected_slaves') ?? 0) > 0
}

const stalls: Check = {
  id: 'PER05',
  group: 'persistence',
  title: 'Writes wait for the disk',
  rule: 'aof_delayed_fsync within the window, and appendfsync, where the append-only file is on.',
  thresholds: { warn: 'a delayed fsync, or appendfsync always' },
  source: 'LATENCY DOCTOR',
  needs: ['info'],
  commands: ['INFO persistence', 'CONFIG GET appendfsync'],
  remedy: {
    text: 'appendfsync everysec, and a disk of its own.',
    commands: ['CONFIG SET appendfsync everysec'],
  },
  judge: (facts) => {
    const window = facts.need('info')
    const isOn = window.number('aof_enabled') === 1
    const appendfsync = facts.find('config')?.get('appendfsync') ?? 'not known'
    const delayed = window.findDelta('aof_delayed_fsync') ?? 0
    const values = { isOn, appendfsync, delayedInWindow: delayed }
    const isSlow = isOn && (delayed > 0 || appendfsync === 'always')
    return isSlow ? warn(values) : ok(values)
  },
}

export const persistenceChecks: readonly Check[] = [failed, ofCache, unkept, fork, stalls]
