/** Where a source file writes to a database, as far as its text tells. */
import {
  isCall,
  isMember,
  isNode,
  lastName,
  type Node,
  nodesIn,
  type Syntax,
  staticText,
} from './syntax.ts'

const writingMethods: ReadonlySet<string> = new Set([
  ...['create', 'createMany', 'update', 'updateMany', 'upsert', 'delete', 'deleteMany'],
  ...['insert', 'insertOne', 'updateOne', 'deleteOne', 'replaceOne', 'remove', 'save'],
])
const databaseName = /^_?(db|database|prisma|knex|entityManager|em|dataSource|tx|trx)$/
/** `orderRepository`, `userModel`. */
const databaseEnd = /(repo|repository|db|database|model|collection)$/i

/** Of the SQL that an argument holds. */
export function statementKind(value: unknown): 'begin' | 'end' | 'write' | undefined {
  const text = staticText(value) ?? ''
  if (/^\s*(begin|start\s+transaction)\b/i.test(text)) return 'begin'
  if (/^\s*commit\b/i.test(text)) return 'end'
  return /^\s*(insert\s+into|update\s+\S+\s+set|delete\s+from)\b/i.test(text) ? 'write' : undefined
}

export function rowWritesIn({ nodes }: Syntax): readonly Node[] {
  return nodes.filter((node) => {
    if (node.type === 'TaggedTemplateExpression') return statementKind(node.quasi) === 'write'
    if (!isCall(node)) return false
    const [first] = nodesIn(node.arguments)
    return statementKind(first) === 'write' || isWritingMethod(node)
  })
}

/** `prisma.order.update(…)`, `orderRepository.save(…)`, `db.insert(…)`. */
function isWritingMethod({ callee }: Node): boolean {
  if (!isMember(callee) || !writingMethods.has(lastName(callee) ?? '')) return false
  let receiver: unknown = callee.object
  while (isNode(receiver)) {
    const name = lastName(receiver) ?? ''
    if (databaseName.test(name) || databaseEnd.test(name)) return true
    receiver = isCall(receiver) ? receiver.callee : receiver.object
  }
  return false
}
