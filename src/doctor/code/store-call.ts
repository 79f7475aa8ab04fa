/** Calls of a source file to Redis or to a cache, in one form whichever client makes them. */
import type { ClientKind, ClientNames } from './client-names.ts'
import {
  isCall,
  isMember,
  lastName,
  type Node,
  nodesIn,
  type Syntax,
  staticText,
} from './syntax.ts'

export interface StoreCall {
  readonly node: Node
  /** Undefined: nothing tells what the method is called on. */
  readonly kind: Exclude<ClientKind, 'collection'> | undefined
  /** In lower case: `setex` of `setEx(…)` and of `call('SETEX', …)`. */
  readonly command: string
  readonly args: readonly Node[]
}

/** Methods that send any command: its name is their first argument, or begins their list. */
const senders: ReadonlySet<string> = new Set(['call', 'sendcommand', 'executeisolated'])

export function storeCallsIn(syntax: Syntax, names: ClientNames): readonly StoreCall[] {
  const calls: StoreCall[] = []
  for (const node of syntax.nodes) {
    if (!isCall(node) || !isMember(node.callee)) continue
    const method = lastName(node.callee)
    const kind = names.kindOf(node.callee.object)
    if (method === undefined || kind === 'collection') continue
    calls.push({ node, kind, ...commandOf(method, nodesIn(node.arguments)) })
  }
  return calls
}

function commandOf(method: string, args: readonly Node[]): Pick<StoreCall, 'command' | 'args'> {
  const command = method.toLowerCase()
  if (!senders.has(command)) return { command, args }
  const [first, ...rest] = args
  const words = first?.type === 'ArrayExpression' ? nodesIn(first.elements) : [...args]
  const name = staticText(words[0])
  if (name === undefined) return { command, args: first === undefined ? [] : [first, ...rest] }
  return { command: name.toLowerCase(), args: words.slice(1) }
}
