/** Invalidating inside a transaction: a reader loads the old row again before it commits. */
import type { CodeRule, Source } from '../code-rule.ts'
import type { StoreCall } from '../store-call.ts'
import {
  functionAround,
  isCall,
  isFunction,
  isInside,
  lastName,
  type Node,
  nodesIn,
} from '../syntax.ts'
import { statementKind } from '../written-rows.ts'

const transactionNames = /^\$?((with|in|run|runIn|begin)_?)?transaction$|^\$?tx$/i
/** Who is handed a function to run when it is over. */
const afterwards = /after|commit|finally|defer|onSuccess/i
const invalidations = /^(del|unlink|delete|evict|remove|clear)$/

export const earlyInvalidation: CodeRule = {
  name: 'early-invalidation',
  severity: 'crit',
  title: 'The cache is invalidated before the transaction commits',
  cause:
    'Until the commit readers see the old row. One that misses in between caches it again, and ' +
    'nothing removes it any more.',
  remedy: 'Invalidate after the commit, or let the write run inside `mutate`.',
  example: ['await cache.mutate([key], () => database.transaction(write))'],
  find: (source) => {
    const spans = transactionsIn(source)
    return invalidationsIn(source).filter((node) => {
      return spans.some((span) => isIn(node, span, source))
    })
  },
}

interface Span {
  readonly start: number
  readonly end: number
  /** The function that has both ends, or is the transaction. */
  readonly around: Node | undefined
  /** Names that stand for the transaction: what is given one of them is a part of it. */
  readonly handles: ReadonlySet<string>
}

function transactionsIn({ syntax, calls }: Source): readonly Span[] {
  const spans: Span[] = []
  for (const node of syntax.nodes) {
    if (!isCall(node) || !transactionNames.test(lastName(node.callee) ?? '')) continue
    const around = nodesIn(node.arguments).find(isFunction)
    if (around === undefined) continue
    const handles = new Set(nodesIn(around.params).flatMap((param) => lastName(param) ?? []))
    spans.push({ start: around.start, end: around.end, around, handles })
  }
  const edges = calls.flatMap((call) => edgeOf(call) ?? [])
  for (const { node, kind } of edges) {
    if (kind !== 'begin') continue
    const around = functionAround(syntax, node)
    const isEnd = (edge: Edge) => edge.kind === 'end' && edge.node.start > node.start
    const end = edges.find((edge) => isEnd(edge) && functionAround(syntax, edge.node) === around)
    if (end === undefined) continue
    spans.push({ start: node.end, end: end.node.start, around, handles: new Set() })
  }
  return spans
}

interface Edge {
  readonly node: Node
  readonly kind: 'begin' | 'end'
}

/** `query('BEGIN')`, `startTransaction()`, `query('COMMIT')`, `commitTransaction()`. */
function edgeOf({ node, command, args }: StoreCall): Edge | undefined {
  if (command === 'starttransaction') return { node, kind: 'begin' }
  if (command === 'committransaction') return { node, kind: 'end' }
  const statement = statementKind(args[0])
  return statement === 'begin' || statement === 'end' ? { node, kind: statement } : undefined
}

function invalidationsIn({ syntax, calls }: Source): readonly Node[] {
  const ofCaches = calls.filter(({ kind, command }) => {
    return kind !== undefined && invalidations.test(command)
  })
  const byName = syntax.nodes.filter(
    (node) => isCall(node) && /^invalidate(?!d)/.test(lastName(node.callee) ?? ''),
  )
  return [...ofCaches.map(({ node }) => node), ...byName]
}

function isIn(node: Node, { start, end, around, handles }: Span, { syntax }: Source): boolean {
  if (node.start < start || node.end > end) return false
  const isPart = nodesIn(node.arguments).some((given) => handles.has(lastName(given) ?? ''))
  if (isPart) return false
  for (let inner = functionAround(syntax, node); inner !== undefined && inner !== around; ) {
    const holder = syntax.parentOf(inner)
    const isLater = isCall(holder) && afterwards.test(lastName(holder.callee) ?? '')
    if (isLater || !isCall(holder) || !isInside(inner, holder)) return false
    inner = functionAround(syntax, inner)
  }
  return true
}
