/** MEM01 to MEM04: what happens when memory ends, and whether it is about to. */
import {
  type Check,
  crit,
  levelOf,
  megabytes,
  ok,
  rounded,
  type Verdict,
  warn,
} from '../../check.ts'
import type { Facts } from '../../facts.ts'
import type { SampledKey } from '../../key-sample.ts'
import { Missing } from '../../missing.ts'

const hourMs = 3_600_000
/** Fewer are no evidence of anything. */
const keysMin = 20
/** Names by which queues, locks and the like are known. */
const DURABLE =
  /(^|[:_./|])(bull|bullmq|queue|queues|jobs|lock|locks|mutex|redlock|stream)([:_./|]|$)/i

const limit: Check = {
  id: 'MEM01',
  title: 'There is no limit of memory',
  group: 'memory',
  rule: '`maxmemory` of INFO memory is 0: the server grows until its machine ends it.',
  thresholds: {
    warn: '0 where CONFIG is refused: a managed server may have a limit of its own',
    crit: '0 otherwise',
  },
  source: 'Our own; redis_exporter shows the number',
  needs: ['info'],
  commands: ['INFO memory'],
  remedy: {
    text:
      'Set maxmemory: 70 to 75 % of the RAM where persistence forks, 80 to 85 % where nothing ' +
      'does.',
    commands: ['CONFIG SET maxmemory 3gb', 'CONFIG REWRITE'],
  },
  judge(facts) {
    const maxmemory = facts.need('info').number('maxmemory')
    const total = facts.need('info').findNumber('total_system_memory')
    const values = { maxmemory, ...(total !== undefined && { machineMb: megabytes(total) }) }
    if (maxmemory > 0) return ok(values)
    return facts.find('config') === undefined ? warn(values) : crit(values)
  },
}

const used: Check = {
  id: 'MEM02',
  title: 'Memory is nearly used up',
  group: 'memory',
  rule: '`used_memory` without what eviction does not count, as a share of `maxmemory`.',
  thresholds: { warn: 'more than 80 %', crit: 'more than 90 %' },
  source: 'requirement F4 (goal below 70 %); awesome-prometheus-alerts has 90 %',
  needs: ['info'],
  commands: ['INFO memory'],
  remedy: {
    text:
      'Compress values above 1 KB, shorten the TTL of the largest families, or raise maxmemory. ' +
      'What is evicted has to be loaded again.',
    commands: ['CONFIG SET maxmemory 4gb'],
  },
  judge(facts) {
    const { share, usedBytes, maxBytes } = shareUsed(facts)
    const values = {
      usedPercent: rounded(100 * share, 1),
      usedMb: megabytes(usedBytes),
      maxMb: megabytes(maxBytes),
    }
    return { status: levelOf(share, { warn: 0.8, crit: 0.9 }), values }
  },
}

function shareUsed(facts: Facts): Readonly<Record<'share' | 'usedBytes' | 'maxBytes', number>> {
  const info = facts.need('info')
  const maxBytes = info.number('maxmemory')
  if (maxBytes === 0) throw new Missing('moot', 'there is no maxmemory (MEM01)')
  const notCounted = info.findNumber('mem_not_counted_for_evict') ?? 0
  const usedBytes = Math.max(0, info.number('used_memory') - notCounted)
  return { share: usedBytes / maxBytes, usedBytes, maxBytes }
}

const policy: Check = {
  id: 'MEM03',
  title: 'The eviction policy does not fit the use',
  group: 'memory',
  rule:
    '`maxmemory_policy` against what the server holds: a cache must be able to evict, what ' +
    'has no TTL can not be evicted by `volatile-*`, and `allkeys-*` also takes locks and queues.',
  thresholds: {
    warn: '`allkeys-random` or `volatile-random`',
    crit:
      '`noeviction` with a limit; `volatile-*` where fewer than half of the keys have a TTL; ' +
      '`allkeys-*` beside streams, queues or locks without TTL',
  },
  source: 'Our own; BetterDB and redis_exporter show the policy',
  needs: ['info'],
  uses: ['sample'],
  commands: ['INFO memory', 'INFO keyspace', 'SCAN'],
  remedy: {
    text:
      'For a cache `allkeys-lru`; locks, queues and streams belong on a server of their own ' +
      'that evicts nothing.',
    commands: ['CONFIG SET maxmemory-policy allkeys-lru'],
  },
  judge(facts) {
    const info = facts.need('info')
    const name = info.text('maxmemory_policy')
    if (info.number('maxmemory') === 0) return ok({ policy: name })
    if (name === 'noeviction') {
      return crit({ policy: name }, { cause: 'When memory ends every write fails with OOM.' })
    }
    if (name.startsWith('volatile')) return volatilePolicy(facts, name)
    if (name === 'allkeys-random') return [warn({ policy: name }), ...durableKeys(facts, name)]
    return durableKeys(facts, name)
  },
}

function volatilePolicy(facts: Facts, name: string): Verdict {
  const { keys, expires } = facts.need('info').keyCounts()
  const share = keys === 0 ? 1 : expires / keys
  const values = { policy: name, keys, withTtlPercent: rounded(100 * share, 1) }
  if (share < 0.5 && keys >= keysMin) {
    const cause = 'Keys without TTL fill the memory, and then every write fails with OOM.'
    return crit(values, { cause })
  }
  return name === 'volatile-random' ? warn(values) : ok(values)
}

function durableKeys(facts: Facts, name: string): readonly Verdict[] {
  const durable = facts.find('sample')?.keys.filter(isDurable) ?? []
  const [first] = durable
  if (first === undefined) return [ok({ policy: name })]
  const values = { policy: name, sampledKeys: durable.length, example: first.name }
  return [crit(values, { cause: 'Eviction can delete a lock, a stream or a queue.' })]
}

/** What somebody relies on: without TTL, and a stream or named as one. */
export function isDurable({ name, role, type, ttlMs }: SampledKey): boolean {
  if (role !== 'other' || ttlMs !== undefined) return false
  return type === 'stream' || DURABLE.test(name)
}

const evictions: Check = {
  id: 'MEM04',
  title: 'Keys are evicted',
  group: 'memory',
  rule:
    'Keys evicted in the last hour by the history that services keep; without one, those of ' +
    'the window, at most a warning unless eviction can not keep up. Never since the start: ' +
    'CONFIG RESETSTAT would falsify that.',
  thresholds: {
    warn: 'any',
    crit: 'more than 1,000 an hour, or eviction that does not keep up with writes',
  },
  source: 'requirement F4',
  needs: ['info'],
  commands: ['INFO stats', 'XRANGE {NAMESPACE:0}:o:history'],
  remedy: {
    text: 'As MEM02: less to hold, or more room. Look at MEM03 first.',
    commands: ['INFO stats'],
  },
  judge(facts) {
    const info = facts.need('info')
    // It can not keep up with anything: that is what MEM03 says.
    if (info.findText('maxmemory_policy') === 'noeviction') return ok({ policy: 'noeviction' })
    const exceeded = info.findDelta('total_eviction_exceeded_time') ?? 0
    const hour = evictedInHour(facts)
    const evicted = hour ?? info.delta('evicted_keys')
    const overS = hour === undefined ? info.windowS : 3_600
    const values = { evicted, overS, exceededMs: exceeded }
    if (exceeded > 0) return crit(values, { cause: 'Writes come faster than eviction frees.' })
    if (evicted === 0) return ok(values)
    return hour !== undefined && hour > 1_000 ? crit(values) : warn(values)
  },
}

/** Undefined: the history does not reach so far, or the counter was reset. */
function evictedInHour(facts: Facts): number | undefined {
  const points = facts.find('history') ?? []
  const last = points.at(-1)
  if (last === undefined) return undefined
  const first = points.findLast(({ atMs }) => atMs <= last.atMs - hourMs)
  const before = first?.numbers.evicted_keys
  const after = last.numbers.evicted_keys
  if (before === undefined || after === undefined || after < before) return undefined
  return after - before
}

export const evictionChecks: readonly Check[] = [limit, used, policy, evictions]
