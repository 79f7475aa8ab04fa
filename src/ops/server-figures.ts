/** What the server says, as the answers show it: pure, from one look at all of its nodes. */
import { commandsOver, sumOf } from '../inspect/index.ts'
import type {
  NodeFigures,
  NodeMemory,
  RedisAnswer,
  ServerFigures,
  ServerMemory,
} from './answers.ts'
import type { NodeLook } from './node-look.ts'

/** One look at the server. */
export interface ServerLook {
  readonly atMs: number
  /** Of a Cluster its primaries; undefined: it does not answer. One at least does. */
  readonly nodes: readonly (NodeLook | undefined)[]
  readonly slow: RedisAnswer['slow']
  readonly clients: RedisAnswer['clients']
  /** What it did not tell. */
  readonly withheld: readonly string[]
  readonly keys: KeysByFamily | undefined
  readonly evictionsPerHour: number | undefined
}

export interface KeysByFamily {
  readonly byFamily: Readonly<Record<string, number>>
  readonly isSampled: boolean
}

const commandsShown = 50

export function memoryOf({ nodes, keys }: ServerLook): ServerMemory {
  return {
    ...memoryOfAll(nodes.map((node) => node && nodeMemory(node))),
    keysByFamily: keys?.byFamily,
    isSampled: keys?.isSampled ?? false,
  }
}

export function figuresOf(look: ServerLook): ServerFigures {
  const nodes = look.nodes.map((node) => node && nodeFigures(node))
  return {
    ...memoryOf(look),
    version: distinct(nodes.map((node) => node?.version)) ?? 'unknown',
    uptimeS: Math.min(...nodes.flatMap((node) => node?.uptimeS ?? [])),
    policy: distinct(nodes.map((node) => node?.policy)),
    clients: sumOf(nodes.map((node) => node?.clients)),
    clientsMax: sumOf(nodes.map((node) => node?.clientsMax)),
    opsPerSecond: sumOf(nodes.map((node) => node?.opsPerSecond)),
    evictionsPerHour: look.evictionsPerHour,
  }
}

export function redisOf(look: ServerLook): Omit<RedisAnswer, 'schemaVersion' | 'atMs'> {
  const nodes = look.nodes.flatMap((node) => node ?? [])
  const [first] = nodes
  const { commandstats: _asCommands, ...info } = lowerCased(first?.info.sections ?? {})
  return {
    server: figuresOf(look),
    nodes: nodes.map((node) => ({ address: node.address, ...nodeFigures(node) })),
    nodesTotal: look.nodes.length,
    info,
    commands: commandsOf(nodes).slice(0, commandsShown),
    slow: look.slow,
    clients: look.clients,
    withheld: look.withheld,
  }
}

function nodeMemory({ info }: NodeLook): NodeMemory {
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
  }
}

/** A part is never told as the whole: of a sum each has to be known. */
function memoryOfAll(nodes: readonly (NodeMemory | undefined)[]): NodeMemory {
  const percents = nodes.flatMap((node) => node?.usedPercent ?? [])
  return {
    usedBytes: sumOf(nodes.map((node) => node?.usedBytes)),
    maxBytes: sumOf(nodes.map((node) => node?.maxBytes)),
    // A node evicts when it is full itself, whatever room the others have.
    usedPercent: percents.length === nodes.length ? Math.max(...percents) : undefined,
    evictedKeys: sumOf(nodes.map((node) => node?.evictedKeys)),
    keyspaceHits: sumOf(nodes.map((node) => node?.keyspaceHits)),
    keyspaceMisses: sumOf(nodes.map((node) => node?.keyspaceMisses)),
    keys: sumOf(nodes.map((node) => node?.keys)),
  }
}

function nodeFigures(node: NodeLook): NodeFigures {
  const { info } = node
  return {
    ...nodeMemory(node),
    version: info.text('valkey_version') ?? info.text('redis_version') ?? 'unknown',
    uptimeS: info.number('uptime_in_seconds') ?? 0,
    policy: node.policy ?? info.text('maxmemory_policy'),
    clients: info.number('connected_clients'),
    clientsMax: node.clientsMax ?? info.number('maxclients'),
    opsPerSecond: info.number('instantaneous_ops_per_sec'),
  }
}

/** Of all nodes together, what took most time first. */
function commandsOf(nodes: readonly NodeLook[]): RedisAnswer['commands'] {
  return [...commandsOver(nodes.map(({ info }) => info))]
    .sort((left, right) => right.us - left.us)
    .map(({ name, calls, usPerCall }) => ({ name, calls, usPerCall }))
}

/** What all say, or all that is said. */
function distinct(texts: readonly (string | undefined)[]): string | undefined {
  const said = new Set(texts.flatMap((text) => text ?? []))
  return said.size === 0 ? undefined : [...said].join(', ')
}

function lowerCased<T>(sections: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(sections).map(([name, fields]) => [name.toLowerCase(), fields]),
  )
}
