/** Everything that the screen shows of one moment, read with as few commands as possible. */
import {
  type ClientRow,
  type Info,
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
  readonly info: Info
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
  const { inspection } = server
  const info = parseInfo(textOf(await inspection.call('info', 'everything')) ?? '')
  const isFew = (info.number('connected_clients') ?? 0) <= clientsMax
  const clients = view === 'clients' && isFew ? await clientsOn(server) : undefined
  const slow = view === 'slowlog' ? await slowOn(server) : undefined
  const processes = await publishedBy(server, call)
  return { atMs: systemClock.now(), info, processes, clients, slow }
}

async function clientsOn({ inspection }: Server): Promise<readonly ClientRow[] | undefined> {
  const [answer] = await inspection.pipeline([['client', 'list']])
  if (answer === undefined || 'error' in answer) return undefined
  return parseClientList(textOf(answer.reply) ?? '')
}

async function slowOn({ inspection }: Server): Promise<readonly SlowEntry[] | undefined> {
  const [answer] = await inspection.pipeline([['slowlog', 'get', slowMax]])
  if (answer === undefined || 'error' in answer) return undefined
  return parseSlowLog(listOf(answer.reply))
}
