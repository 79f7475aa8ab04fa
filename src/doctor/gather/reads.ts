/**
 * Reads that cost the same whatever the server holds, each on its own: what is refused is
 * missing with its reason, and ends nothing else.
 */
import {
  type ClientRow,
  type CommandLine,
  cacheChannels,
  type Info,
  listOf,
  numberOf,
  pairsOf,
  parseClientList,
  parseLatencyLatest,
  parseSlowLog,
  textOf,
} from '../../inspect/index.ts'
import type { AclUser, CommandLog, DryRun, SlowLog } from '../facts.ts'
import { Missing } from '../missing.ts'
import type { GatherContext, Gathering } from './context.ts'
import { gathered } from './gathered.ts'

/** CLIENT LIST is proportional to the connections. */
const clientsMax = 5_000
/** PUBSUB CHANNELS is proportional to the channels. */
const channelsMax = 10_000
const entriesMax = 128
const usersMax = 10

/** Names that are asked for; never one that holds a secret. */
const settings = [
  'active-expire-effort',
  'activedefrag',
  'appendfsync',
  'appendonly',
  'bind',
  'client-output-buffer-limit',
  'cluster-slot-stats-enabled',
  'latency-monitor-threshold',
  'maxclients',
  'maxmemory',
  'maxmemory-policy',
  'min-replicas-to-write',
  'notify-keyspace-events',
  'port',
  'protected-mode',
  'repl-backlog-size',
  'save',
  'slowlog-log-slower-than',
  'slowlog-max-len',
  'stop-writes-on-bgsave-error',
  'timeout',
  'tls-port',
]
/** What nobody should be able to send to a server that is in use. */
const dangerous = ['keys', 'flushall', 'flushdb']

export async function gatherReads(context: GatherContext, info: Info): Promise<Gathering> {
  const call = (...line: CommandLine): Promise<unknown> => context.inspection.call(...line)
  const clients = await gathered(() => readClients(call, info))
  const rows = clients.value ?? []
  return {
    config: await gathered(() => readConfig(context)),
    clients,
    slowLog: await gathered(() => readSlowLog(call)),
    commandLog: await gathered(() => readCommandLog(call, info)),
    latencyEvents: await gathered(async () => parseLatencyLatest(await call('latency', 'latest'))),
    latencyDoctor: await gathered(async () => textOf(await call('latency', 'doctor')) ?? ''),
    users: await gathered(async () => usersOf(await call('acl', 'list'))),
    dryRuns: await gathered(() => dryRun(call, rows)),
    cluster: await gathered(() => readCluster(call, info)),
    channels: await gathered(() => readChannels(context, info)),
  }
}

type Call = (...line: CommandLine) => Promise<unknown>

async function readConfig({ inspection }: GatherContext): Promise<ReadonlyMap<string, string>> {
  const lines = settings.map((name): CommandLine => ['config', 'get', name])
  const answers = await inspection.pipeline(lines)
  const config = new Map<string, string>()
  for (const answer of answers) {
    if ('error' in answer) throw answer.error
    for (const [name, value] of pairsOf(answer.reply)) config.set(name, textOf(value) ?? '')
  }
  return config
}

async function readClients(call: Call, info: Info): Promise<readonly ClientRow[]> {
  const connected = info.number('connected_clients') ?? 0
  if (connected > clientsMax) throw new Error(`CLIENT LIST of ${connected} connections is too long`)
  return parseClientList(textOf(await call('client', 'list')) ?? '')
}

async function readSlowLog(call: Call): Promise<SlowLog> {
  const length = numberOf(await call('slowlog', 'len')) ?? 0
  return { length, entries: parseSlowLog(await call('slowlog', 'get', entriesMax)) }
}

async function readCommandLog(call: Call, info: Info): Promise<CommandLog> {
  if (info.text('valkey_version') === undefined) {
    throw new Missing('moot', 'only Valkey 8.1 has COMMANDLOG')
  }
  const of = async (kind: string): Promise<unknown> => call('commandlog', 'get', entriesMax, kind)
  return {
    requests: parseSlowLog(await of('large-request')),
    replies: parseSlowLog(await of('large-reply')),
  }
}

/** `user NAME on …` */
function usersOf(reply: unknown): readonly AclUser[] {
  return listOf(reply).flatMap((line) => {
    const rule = textOf(line) ?? ''
    const [, name] = rule.split(' ')
    return name === undefined ? [] : [{ name, rule }]
  })
}

/** For the users who are connected. */
async function dryRun(call: Call, clients: readonly ClientRow[]): Promise<readonly DryRun[]> {
  const users = [...new Set(clients.map(({ user }) => user))].filter((user) => user !== '')
  if (users.length === 0) throw new Error('no user of a connection is known')
  const runs: DryRun[] = []
  for (const user of users.slice(0, usersMax)) {
    for (const command of dangerous) {
      const pattern = command === 'keys' ? ['*'] : []
      const reply = await call('acl', 'dryrun', user, command, ...pattern)
      runs.push({ user, command, isAllowed: textOf(reply) === 'OK' })
    }
  }
  return runs
}

async function readCluster(call: Call, info: Info): Promise<ReadonlyMap<string, string>> {
  if (!info.isCluster) throw new Missing('moot', 'the server is no cluster')
  const lines = (textOf(await call('cluster', 'info')) ?? '').split(/\r?\n/)
  return new Map(
    lines.flatMap((line) => {
      const at = line.indexOf(':')
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const]
    }),
  )
}

/** Those on which caches of this library tell each other. */
async function readChannels(
  { inspection }: GatherContext,
  info: Info,
): Promise<ReadonlyMap<string, number>> {
  const open = info.number('pubsub_channels') ?? 0
  if (open > channelsMax) throw new Error(`PUBSUB CHANNELS of ${open} channels is too long`)
  const channels = await cacheChannels(inspection)
  if (channels.size === 0) throw new Missing('moot', 'no cache of this library listens here')
  return channels
}
