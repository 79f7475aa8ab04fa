/** KEY04, KEY10, KEY11, KEY13: keys that are too large, too many, or all in one place. */

import { hashSlots } from '../../../core/partition-tag.ts'
import {
  type Check,
  crit,
  levelOf,
  megabytes,
  info as note,
  ok,
  rounded,
  type Verdict,
  warn,
} from '../../check.ts'
import type { Facts } from '../../facts.ts'
import type { SampledKey } from '../../key-sample.ts'
import { keysBySlot } from '../../key-slots.ts'

const mb = 2 ** 20
const toldMax = 10
/** By type, of what Redis has to touch at once. */
const elementsMax: Readonly<Record<string, number>> = {
  hash: 5_000,
  list: 10_000,
  set: 100_000,
  zset: 100_000,
  stream: 100_000,
}

const big: Check = {
  id: 'KEY04',
  title: 'A key is very large',
  group: 'keys',
  rule:
    'Bytes and elements of sampled keys, the ten largest. Redis 8 also counts all keys by ' +
    'size: what the sample has not met is told by number.',
  thresholds: {
    warn: 'a string above 1 MB, a hash above 5,000, a list above 10,000, another above 100,000',
    crit: 'a string above 10 MB, anything above 100 MB',
  },
  source: 'RedisInsight; the critical ones are ours',
  needs: ['sample'],
  commands: ['MEMORY USAGE key', 'HLEN key', 'INFO keysizes'],
  remedy: {
    text: 'Split it, compress it, or read it in pages; remove it with UNLINK.',
    commands: ['UNLINK key'],
  },
  judge(facts) {
    const { keys } = facts.need('sample')
    const large = keys.flatMap((key) => {
      const level = sizeLevel(key)
      return level === 'ok' ? [] : [{ key, level }]
    })
    large.sort((left, right) => right.key.bytes - left.key.bytes)
    const verdicts = large.slice(0, toldMax).map(({ key, level }) => sized(key, level))
    if (verdicts.length > 0) return verdicts
    return unsampledStrings(facts)
  },
}

function sizeLevel({ type, bytes, elements = 0 }: SampledKey): 'ok' | 'warn' | 'crit' {
  if (bytes > 100 * mb) return 'crit'
  if (type !== 'string') return elements > (elementsMax[type] ?? 100_000) ? 'warn' : 'ok'
  const level = levelOf(bytes, { warn: mb, crit: 10 * mb })
  return level === 'info' ? 'ok' : level
}

function sized({ name, type, bytes, elements }: SampledKey, status: 'warn' | 'crit'): Verdict {
  const values = { type, mb: megabytes(bytes), ...(elements !== undefined && { elements }) }
  return { status, values, subject: name }
}

/** `INFO keysizes` of Redis 8: `db0_distrib_strings_sizes:1=2,…,1M=1`. */
function unsampledStrings(facts: Facts): Verdict {
  const fields = Object.values(facts.find('info')?.last.sections ?? {}).flatMap(Object.entries)
  const counts = fields
    .filter(([field]) => /^db\d+_distrib_strings_sizes$/.test(field))
    .flatMap(([, text]) => String(text).split(','))
    .map((bin) => bin.split('='))
  const large = counts.filter(([size = '']) => /[MGT]$/.test(size))
  const strings = large.reduce((sum, [, count]) => sum + Number(count), 0)
  return strings > 0 ? warn({ stringsFrom1Mb: strings }) : ok()
}

const databases: Check = {
  id: 'KEY10',
  title: 'Several logical databases are in use',
  group: 'keys',
  rule: 'Databases with keys, by INFO keyspace.',
  thresholds: { info: 'more than one' },
  source: 'RedisInsight',
  needs: ['info'],
  commands: ['INFO keyspace'],
  remedy: {
    text: 'One database, with a prefix for each application: they share memory and threads anyway.',
    commands: [],
  },
  judge(facts) {
    const rows = facts.need('info').last.keyspace()
    const values = { databases: rows.map(({ db, keys }) => `db${db} ${keys}`).join(', ') }
    return rows.length > 1 ? note(values) : ok(values)
  },
}

const many: Check = {
  id: 'KEY11',
  title: 'One server holds very many keys',
  group: 'keys',
  rule: 'Keys of all databases.',
  thresholds: { info: 'more than 1,000,000' },
  source: 'RedisInsight',
  needs: ['info'],
  commands: ['DBSIZE'],
  remedy: { text: 'Group small entries in hashes, or shard.', commands: [] },
  judge(facts) {
    const { keys } = facts.need('info').keyCounts()
    return { status: levelOf(keys, { info: 1_000_000 }), values: { keys } }
  },
}

const skew: Check = {
  id: 'KEY13',
  title: 'One hash slot holds too much',
  group: 'keys',
  rule:
    'In a cluster: sampled keys and their bytes by hash slot. What a cache of this library ' +
    'writes lies in a few slots by design, and counts by its bytes only.',
  thresholds: {
    warn: 'a slot with more than 100 keys and 10 times the mean',
    crit: "a slot with more than 25 % of its node's bytes",
  },
  source: 'Our own; BetterDB draws a map',
  needs: ['sample', 'cluster'],
  commands: ['CLUSTER KEYSLOT key', 'CLUSTER COUNTKEYSINSLOT slot'],
  remedy: {
    text: 'The text in braces is too coarse, such as {all}: put an id into it.',
    commands: [],
  },
  judge(facts) {
    const { keys, total } = facts.need('sample')
    const nodes = Number(facts.need('cluster').get('cluster_size') ?? 1)
    const scale = total / Math.max(1, keys.length)
    const bytes = keys.reduce((sum, key) => sum + key.bytes, 0)
    return [...keysBySlot(keys)].flatMap(([slot, found]) => {
      const held = found.reduce((sum, key) => sum + key.bytes, 0)
      const nodePercent = rounded((100 * nodes * held) / Math.max(1, bytes), 1)
      const others = found.filter(({ role }) => role === 'other').length * scale
      const values = { keys: Math.round(found.length * scale), nodePercent }
      const details = { subject: `slot ${slot}` }
      if (nodePercent > 25 && found.length * scale > 100) return [crit(values, details)]
      const isSkewed = others > 100 && others > (10 * total) / hashSlots
      return isSkewed ? [warn(values, details)] : []
    })
  },
}

export const sizeChecks: readonly Check[] = [big, databases, many, skew]
