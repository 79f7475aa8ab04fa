/** Everything that the screen shows of one moment, read with as few commands as possible. */
import { isStaleproofError, StaleproofError } from '../../core/errors.ts'
import {
  type ClientRow,
  type ClusterPrimary,
  type CommandRow,
  clusterPrimaries,
  commandsOver,
  type Info,
  type Inspection,
  listOf,
  parseClientList,
  parseInfo,
  parseSlowLog,
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
  /** Of each primary of a cluster that answers; of a single server one. Never empty. */
  readonly infos: readonly Info[]
  /** Addresses of the primaries that do not. */
  readonly silent: readonly string[]
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

type Primary = Pick<ClusterPrimary<Inspection>, 'node' | 'isFailing'>

/** What one node says of itself. */
type Reading = Pick<Snapshot, 'clients' | 'slow'> & { readonly info: Info }

/** Rejects where no node answers, or one refuses. */
export async function snapshotOf(
  server: Server,
  call: Pick<Call, 'terminal'>,
  view: ViewName,
): Promise<Snapshot> {
  const alone = { node: server.inspection, isFailing: false }
  const primaries = (await clusterPrimaries(server.inspection)) ?? [alone]
  const answers = await Promise.all(primaries.map((primary) => readingOf(primary, view)))
  const silent = primaries.flatMap(({ node }, at) => (answers[at] ? [] : node.address))
  const readings = answers.filter((reading) => reading !== undefined)
  if (readings.length === 0) {
    throw new StaleproofError('SP_REDIS_DOWN', `No node with keys answers: ${silent.join(', ')}`)
  }
  const infos = readings.map(({ info }) => info)
  return {
    atMs: systemClock.now(),
    infos,
    silent,
    commands: new Map(commandsOver(infos).map((row) => [row.name, row])),
    processes: await publishedBy(server, call),
    clients: together(readings.map(({ clients }) => clients)),
    slow: together(readings.map(({ slow }) => slow)),
  }
}

/** Undefined: it does not answer. */
async function readingOf(primary: Primary, view: ViewName): Promise<Reading | undefined> {
  // Its cluster has given it up; waiting for it would make all else late.
  if (primary.isFailing) return undefined
  try {
    return await readingOn(primary.node, view)
  } catch (error) {
    if (isStaleproofError(error, 'SP_REDIS_DOWN')) return undefined
    throw error
  }
}

async function readingOn(node: Inspection, view: ViewName): Promise<Reading> {
  const info = parseInfo(textOf(await node.call('info', 'everything')) ?? '')
  const isFew = (info.number('connected_clients') ?? 0) <= clientsMax
  return {
    info,
    clients: view === 'clients' && isFew ? await clientsOn(node) : undefined,
    slow: view === 'slowlog' ? await slowOn(node) : undefined,
  }
}

/** Undefined: one of them does not say. */
function together<Row>(rows: readonly (readonly Row[] | undefined)[]): readonly Row[] | undefined {
  const known = rows.filter((own) => own !== undefined)
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
