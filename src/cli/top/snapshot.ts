/** Everything that the screen shows of one moment, read with as few commands as possible. */
import {
  type ClientRow,
  type CommandRow,
  commandsOver,
  type Info,
  type Inspection,
  listOf,
  parseClientList,
  parseInfo,
  parseSlowLog,
  primariesOf,
  type SlowEntry,
  textOf,
} from '../../inspect/index.ts'
import type { Published } from '../../observe/index.ts'
import { systemClock } from '../../system.ts'
import type { Call } from '../command.ts'
import { publishedBy } from '../connection/processes.ts'
import type { Server } from '../connection/server.ts'
import type { ViewName } from './view-state.ts'

export interface Snapshot {
  readonly atMs: number
  /** Of each primary of a cluster; of a single server one. Never empty. */
  readonly infos: readonly Info[]
  /** Of all of them together, by name. */
  readonly commands: ReadonlyMap<string, CommandRow>
  readonly processes: readonly Published[]
  /** Of the view of that name; undefined: another view, or the server refuses. */
  readonly clients: readonly ClientRow[] | undefined
  readonly slow: readonly SlowEntry[] | undefined
}

/** A list of more than these would cost the server too much, time and again. */
const clientsMax = 5_000
const slowMax = 128

export async function snapshotOf(
  server: Server,
  call: Pick<Call, 'terminal'>,
  view: ViewName,
): Promise<Snapshot> {
  const nodes = await primariesOf(server.inspection)
  const infos = await Promise.all(nodes.map(infoOn))
  const isFew = infos.every((info) => (info.number('connected_clients') ?? 0) <= clientsMax)
  const clients = view === 'clients' && isFew ? await onAll(nodes, clientsOn) : undefined
  const slow = view === 'slowlog' ? await onAll(nodes, slowOn) : undefined
  const processes = await publishedBy(server, call)
  const commands = new Map(commandsOver(infos).map((row) => [row.name, row]))
  return { atMs: systemClock.now(), infos, commands, processes, clients, slow }
}

async function infoOn(node: Inspection): Promise<Info> {
  return parseInfo(textOf(await node.call('info', 'everything')) ?? '')
}

/** Undefined: one of them refuses. */
async function onAll<Row>(
  nodes: readonly Inspection[],
  rowsOn: (node: Inspection) => Promise<readonly Row[] | undefined>,
): Promise<readonly Row[] | undefined> {
  const rows = await Promise.all(nodes.map(rowsOn))
  const known = rows.flatMap((own) => (own === undefined ? [] : [own]))
  return known.length < rows.length ? undefined : known.flat()
}

async function clientsOn(node: Inspection): Promise<readonly ClientRow[] | undefined> {
  const [answer] = await node.pipeline([['client', 'list']])
  if (answer === undefined || 'error' in answer) return undefined
  return parseClientList(textOf(answer.reply) ?? '')
}

async function slowOn(node: Inspection): Promise<readonly SlowEntry[] | undefined> {
  const [answer] = await node.pipeline([['slowlog', 'get', slowMax]])
  if (answer === undefined || 'error' in answer) return undefined
  return parseSlowLog(listOf(answer.reply))
}
