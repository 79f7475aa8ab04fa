/** One look at one node: what it says of itself, who is connected to it, and what took long. */
import {
  type Answer,
  type ClientRow,
  type Info,
  type Inspection,
  type NodeAddress,
  pairsOf,
  parseClientList,
  parseInfo,
  parseSlowLog,
  type SlowEntry,
} from '../inspect/index.ts'

export const lookCommands: readonly string[] = ['info', 'slowlog|get', 'client|list', 'config|get']

/** Slow commands of one node. */
export const slowMax = 32
/** Listing more costs the server milliseconds. */
const clientsListedMax = 5_000

/** A node that is looked at; an `Inspection` is one. */
export interface WatchNode extends Pick<Inspection, 'address' | 'call' | 'keepOnly' | 'pipeline'> {
  to(address: NodeAddress): WatchNode
}

export interface NodeLook {
  readonly address: string
  readonly info: Info
  readonly policy: string | undefined
  readonly clientsMax: number | undefined
  readonly slow: readonly SlowEntry[]
  readonly clients: readonly ClientRow[]
  /** Commands that it refused. */
  readonly withheld: readonly string[]
}

/** Rejects with `SP_REDIS_DOWN`. */
export async function lookAt(node: WatchNode): Promise<NodeLook> {
  const withheld: string[] = []
  const replyTo = (answer: Answer | undefined, name: string): unknown => {
    if (answer !== undefined && 'reply' in answer) return answer.reply
    withheld.push(name)
    return undefined
  }
  const answers = await node.pipeline([
    ['info', 'all'],
    ['slowlog', 'get', String(slowMax)],
    ['config', 'get', 'maxmemory-policy'],
    ['config', 'get', 'maxclients'],
  ])
  const info = parseInfo(String(replyTo(answers[0], 'info') ?? ''))
  const slow = parseSlowLog(replyTo(answers[1], 'slowlog get'))
  const policy = configured(replyTo(answers[2], 'config get'), 'maxmemory-policy')
  const clientsMax = Number(configured(replyTo(answers[3], 'config get'), 'maxclients'))
  const list = await clientList(node, info.number('connected_clients'))
  const clients = parseClientList(String(replyTo(list, 'client list') ?? ''))
  const { address } = node
  return { address, info, policy, clientsMax: clientsMax || undefined, slow, clients, withheld }
}

/** Undefined: there are too many, or nobody knows how many. */
async function clientList(node: WatchNode, count: number | undefined): Promise<Answer | undefined> {
  if (count === undefined || count > clientsListedMax) return undefined
  const [answer] = await node.pipeline([['client', 'list']])
  return answer
}

function configured(reply: unknown, name: string): string | undefined {
  const value = pairsOf(reply).get(name)
  return value === undefined ? undefined : String(value)
}
