/** What the server says, as the answers show it: pure, from one look at it. */
import type { Info } from '../inspect/index.ts'
import type { RedisAnswer, ServerFigures, ServerMemory } from './answers.ts'

/** One look at the server. */
export interface ServerLook {
  readonly atMs: number
  readonly info: Info
  readonly policy: string | undefined
  readonly clientsMax: number | undefined
  readonly slow: RedisAnswer['slow']
  readonly clients: RedisAnswer['clients']
  /** Commands that it refused. */
  readonly withheld: readonly string[]
  readonly keys: KeysByFamily | undefined
  readonly evictionsPerHour: number | undefined
}

export interface KeysByFamily {
  readonly byFamily: Readonly<Record<string, number>>
  readonly isSampled: boolean
}

const commandsShown = 50

export function memoryOf({ info, keys }: ServerLook): ServerMemory {
  const usedBytes = info.number('used_memory')
  const maxBytes = info.number('maxmemory') || undefined
  const isBounded = usedBytes !== undefined && maxBytes !== undefined
  return {
    usedBytes,
    maxBytes,
    usedPercent: isBounded ? (100 * usedBytes) / maxBytes : undefined,
    evictedKeys: info.number('evicted_keys'),
    keyspaceHits: info.number('keyspace_hits'),
    keyspaceMisses: info.number('keyspace_misses'),
    keys: info.keyspace().reduce((sum, row) => sum + row.keys, 0),
    keysByFamily: keys?.byFamily,
    isSampled: keys?.isSampled ?? false,
  }
}

export function figuresOf(look: ServerLook): ServerFigures {
  const { info } = look
  return {
    ...memoryOf(look),
    version: info.text('valkey_version') ?? info.text('redis_version') ?? 'unknown',
    uptimeS: info.number('uptime_in_seconds') ?? 0,
    policy: look.policy ?? info.text('maxmemory_policy'),
    clients: info.number('connected_clients'),
    clientsMax: look.clientsMax ?? info.number('maxclients'),
    opsPerSecond: info.number('instantaneous_ops_per_sec'),
    evictionsPerHour: look.evictionsPerHour,
  }
}

export function redisOf(look: ServerLook): Omit<RedisAnswer, 'schemaVersion' | 'atMs'> {
  const { commandstats: _asCommands, ...info } = lowerCased(look.info.sections)
  const commands = [...look.info.commands()].sort((left, right) => right.us - left.us)
  return {
    server: figuresOf(look),
    info,
    commands: commands
      .slice(0, commandsShown)
      .map(({ name, calls, usPerCall }) => ({ name, calls, usPerCall })),
    slow: look.slow,
    clients: look.clients,
    withheld: look.withheld,
  }
}

function lowerCased<T>(sections: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(sections).map(([name, fields]) => [name.toLowerCase(), fields]),
  )
}
