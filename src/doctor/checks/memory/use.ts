/** MEM05 to MEM09: what memory goes to besides data. */
import {
  type Check,
  crit,
  levelOf,
  megabytes,
  info as note,
  ok,
  rounded,
  warn,
} from '../../check.ts'
import type { InfoWindow } from '../../info-window.ts'

const mb = 2 ** 20
/** MEMORY DOCTOR's own: less is noise. */
const noiseBytes = 10 * mb
/** MEMORY DOCTOR's own: below it what the program itself takes is most of all. */
const emptyBytes = 5 * mb

const fragmentation: Check = {
  id: 'MEM05',
  title: 'Memory is fragmented',
  group: 'memory',
  rule:
    'Ratios of what the system gave to what is used: in all, inside the allocator, and of what ' +
    'it keeps. Below 1 a part of the data is on disk.',
  thresholds: {
    warn: 'total above 1.4, or one of the allocator above 1.1, each with more than 10 MB',
    crit: 'above 2 with more than 100 MB; below 1 with more than 10 MB missing',
  },
  source: 'The rules of MEMORY DOCTOR; the critical ones are ours',
  needs: ['info'],
  commands: ['INFO memory', 'MEMORY DOCTOR'],
  remedy: {
    text:
      'Turn on active defragmentation (jemalloc), or restart by a failover. Below 1: less ' +
      'memory for Redis, or more for its machine.',
    commands: ['CONFIG SET activedefrag yes'],
  },
  judge(facts) {
    const info = facts.need('info')
    const ratio = info.number('mem_fragmentation_ratio')
    const bytes = info.number('mem_fragmentation_bytes')
    const values = { ratio, mb: megabytes(bytes) }
    if ((info.findNumber('used_memory') ?? emptyBytes) < emptyBytes) return ok(values)
    if (ratio < 1 && bytes < -noiseBytes) {
      return crit(values, { title: 'Redis is swapped', cause: 'Reads wait for a disk.' })
    }
    if (ratio > 2 && bytes > 100 * mb) return crit(values)
    if (ratio > 1.4 && bytes > noiseBytes) return warn(values)
    const allocator = allocatorRatio(info)
    return allocator === undefined ? ok(values) : warn({ ...values, ...allocator })
  },
}

/** Undefined: both are fine, or not given. */
function allocatorRatio(info: InfoWindow): Readonly<Record<string, number>> | undefined {
  for (const name of ['allocator_frag', 'allocator_rss']) {
    const ratio = info.findNumber(`${name}_ratio`) ?? 0
    const bytes = info.findNumber(`${name}_bytes`) ?? 0
    if (ratio > 1.1 && bytes > noiseBytes) return { [`${name}_ratio`]: ratio }
  }
  return undefined
}

const peak: Check = {
  id: 'MEM06',
  title: 'Memory was much fuller once',
  group: 'memory',
  rule: '`used_memory_peak` against `used_memory`, where they are more than 10 MB apart.',
  thresholds: { info: 'more than 1.5 times' },
  source: 'MEMORY DOCTOR',
  needs: ['info'],
  commands: ['INFO memory'],
  remedy: {
    text: 'It explains fragmentation. Nothing to do if it was once.',
    commands: [],
  },
  judge(facts) {
    const info = facts.need('info')
    const used = info.number('used_memory')
    const most = info.number('used_memory_peak')
    const values = { usedMb: megabytes(used), peakMb: megabytes(most) }
    const isFar = most > 1.5 * used && most - used > noiseBytes
    return isFar ? note(values) : ok(values)
  },
}

const overhead: Check = {
  id: 'MEM07',
  title: 'Keys cost more memory than their values',
  group: 'memory',
  rule:
    '`used_memory_overhead` as a share of `used_memory`, both without buffers and what an empty ' +
    'server takes, from 10 MB on; and the mean size of sampled strings, from 10,000 keys on.',
  thresholds: { info: 'strings of less than 200 B on average', warn: 'more than 50 %' },
  source: 'RedisInsight has 200 B from 50 keys on, where grouping gains nothing yet',
  needs: ['info'],
  uses: ['sample'],
  commands: ['INFO memory', 'MEMORY USAGE key'],
  remedy: { text: 'Group small entries in hashes; shorten keys.', commands: [] },
  judge(facts) {
    const info = facts.need('info')
    const apart = info.number('used_memory_startup') + buffersOf(info)
    const used = Math.max(1, info.number('used_memory') - apart)
    const share = Math.max(0, info.number('used_memory_overhead') - apart) / used
    const values = { overheadPercent: rounded(100 * share, 1), dataMb: megabytes(used) }
    if (share > 0.5 && used > noiseBytes) return warn(values)
    const sample = facts.find('sample')
    const strings = sample?.keys.filter(({ type }) => type === 'string') ?? []
    const bytes = strings.reduce((sum, key) => sum + key.bytes, 0)
    const meanBytes = rounded(bytes / Math.max(1, strings.length), 0)
    const isSmall = strings.length > 0 && meanBytes < 200 && (sample?.total ?? 0) > 10_000
    return isSmall ? note({ ...values, meanBytes }) : ok(values)
  },
}

/** They are counted as overhead too, and are none of the keys' (MEM08). */
function buffersOf(info: InfoWindow): number {
  const fields = [
    'mem_clients_normal',
    'mem_clients_slaves',
    'mem_replication_backlog',
    'mem_aof_buffer',
  ]
  return fields.reduce((sum, field) => sum + (info.findNumber(field) ?? 0), 0)
}

const buffers: Check = {
  id: 'MEM08',
  title: 'Connections hold much memory',
  group: 'memory',
  rule:
    '`mem_clients_normal` for each connection, and the largest output buffer lately, or the ' +
    'largest connection of CLIENT LIST.',
  thresholds: { warn: 'more than 200 KB on average', crit: 'one with more than 32 MB' },
  source: 'MEMORY DOCTOR; the critical one is ours',
  needs: ['info'],
  commands: ['INFO memory', 'INFO clients', 'CLIENT LIST'],
  remedy: {
    text: 'Find it in CLIENT LIST by tot-mem: a slow subscriber, or pipelines that are too long.',
    commands: ['CLIENT LIST'],
  },
  judge(facts) {
    const info = facts.need('info')
    const clients = Math.max(1, info.number('connected_clients'))
    const mean = info.number('mem_clients_normal') / clients
    const listed = facts.find('clients') ?? []
    const sorted = [...listed].sort((a, b) => (b.memoryBytes ?? 0) - (a.memoryBytes ?? 0))
    const largest =
      sorted[0]?.memoryBytes ?? info.findNumber('client_recent_max_output_buffer') ?? 0
    const values = {
      meanKb: rounded(mean / 1_024, 1),
      largestMb: megabytes(largest),
      ...(sorted[0] && { client: sorted[0].name || sorted[0].address }),
    }
    if (largest > 32 * mb) return crit(values)
    return { status: levelOf(mean, { warn: 200 * 1_024 }), values }
  },
}

const scripts: Check = {
  id: 'MEM09',
  title: 'Too many scripts are cached',
  group: 'memory',
  rule: '`number_of_cached_scripts` of INFO memory.',
  thresholds: { warn: 'more than 1,000' },
  source: 'MEMORY DOCTOR; RedisInsight has 10, which a few libraries reach',
  needs: ['info'],
  commands: ['INFO memory'],
  remedy: {
    text: 'Scripts get what differs by KEYS and ARGV; somebody writes it into their text.',
    commands: [],
  },
  judge(facts) {
    const cached = facts.need('info').number('number_of_cached_scripts')
    return { status: levelOf(cached, { warn: 1_000 }), values: { scripts: cached } }
  },
}

export const useChecks: readonly Check[] = [fragmentation, peak, overhead, buffers, scripts]
