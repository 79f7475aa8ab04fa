/** Everything that the screen shows of one moment, read with as few commands as possible. */
import { isStaleproofError, StaleproofError } from '../../core/errors.ts'
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
  type SlowEntry,
  textOf,
} from '../../inspect/index.ts'
import type { Published } from '../../observe/index.ts'
import { systemClock } from '../../system.ts'
import type { Call } from '../command.ts'
import type { Nodes, Primary } from '../connection/nodes.ts'
import { publishedBy } from '../connection/processes.ts'
import { homeOf } from '../connection/server.ts'
import { reasonOf, type Silence } from '../connection/silence.ts'
import type { Bus } from '../tail/bus.ts'
import type { ViewName } from './view-state.ts'

export interface Snapshot {
  readonly atMs: number
  /** Of each primary of a cluster that answers; of a single server one. */
  readonly infos: readonly Info[]
  /** What is not in here, although it should be. */
  readonly unasked: readonly Silence[]
  /** Of all of them together, by name. */
  readonly commands: ReadonlyMap<string, CommandRow>
  /** Undefined: the node where they publish does not answer. */
  readonly processes: readonly Published[] | undefined
  /** Of the view of that name; undefined: another view, or the server refuses. */
  readonly clients: readonly ClientRow[] | undefined
  readonly slow: readonly SlowEntry[] | undefined
}

/** Who is asked. */
export interface Sources {
  readonly nodes: Nodes
  readonly namespace: string
  readonly bus: Pick<Bus, 'silences'>
}

/** A list of more than these would cost the server too much, time and again. */
const clientsMax = 5_000
const slowMax = 128

/** What one node says of itself. */
type Reading = Pick<Snapshot, 'clients' | 'slow'> & { readonly info: Info }

/** Rejects where a node refuses; of one that does not answer it is told. */
export async function snapshotOf(
  { nodes, namespace, bus }: Sources,
  call: Pick<Call, 'terminal'>,
  view: ViewName,
): Promise<Snapshot> {
  const primaries = await nodes.primaries()
  const [answers, published] = await Promise.all([
    Promise.all(primaries.map((primary) => readingOf(primary, view))),
    publishedOn(nodes.asked, namespace, call),
  ])
  const readings = answers.filter((answer) => 'info' in answer)
  const infos = readings.map(({ info }) => info)
  const silences = [...answers, published].filter((answer) => 'reason' in answer)
  return {
    atMs: systemClock.now(),
    infos,
    unasked: [...silences, ...bus.silences],
    commands: new Map(commandsOver(infos).map((row) => [row.name, row])),
    processes: 'reason' in published ? undefined : published,
    clients: together(readings.map(({ clients }) => clients)),
    slow: together(readings.map(({ slow }) => slow)),
  }
}

/** Throws `SP_REDIS_DOWN`: of the server nothing is known at all. */
export function demandAnswer({ infos, unasked }: Snapshot): void {
  if (infos.length > 0) return
  const received = unasked.map(({ node, reason }) => `${node}: ${reason}`).join('; ')
  throw new StaleproofError('SP_REDIS_DOWN', 'No node with keys answers', { received })
}

async function readingOf({ node, isFailing }: Primary, view: ViewName): Promise<Reading | Silence> {
  // Waiting for it would make all else late.
  if (isFailing) return silent('server', node, 'its cluster has given it up')
  return readingOn(node, view).catch((error: unknown) => silentBy('server', node, error))
}

async function publishedOn(
  asked: Inspection,
  namespace: string,
  call: Pick<Call, 'terminal'>,
): Promise<readonly Published[] | Silence> {
  let home = asked
  try {
    home = await homeOf(asked, namespace)
    return await publishedBy({ inspection: home, namespace }, call)
  } catch (error) {
    return silentBy('processes', home, error)
  }
}

function silentBy(what: Silence['what'], node: Inspection, error: unknown): Silence {
  if (isStaleproofError(error, 'SP_REDIS_DOWN')) return silent(what, node, reasonOf(error))
  throw error
}

function silent(what: Silence['what'], { address: node }: Inspection, reason: string): Silence {
  return { what, node, reason }
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
