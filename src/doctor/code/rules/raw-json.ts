/** `JSON.parse` of what Redis returned: whatever another version wrote is taken for a value. */
import type { CodeRule, Source } from '../code-rule.ts'
import { constantOf } from '../key-text.ts'
import { bare, isCall, isMember, lastName, type Node, nodesIn } from '../syntax.ts'

const reads = /^(get|getex|getdel|hget)$/

export const rawJson: CodeRule = {
  name: 'raw-json',
  severity: 'warn',
  title: 'A value of Redis is parsed as it comes',
  cause:
    'Nothing says which version wrote it, or checks its shape; a damaged or older value throws, ' +
    'or is served.',
  remedy: 'Declare the shape of the family: what does not fit is loaded again.',
  example: ["family('profile:{id}', { value: shape<Profile>(), ttl: '5m' })"],
  find: (source) =>
    source.syntax.nodes.filter((node) => {
      return isParse(node) && nodesIn(node.arguments).some((text) => isReadOf(text, source))
    }),
}

function isParse(node: Node): boolean {
  if (!isCall(node) || !isMember(node.callee)) return false
  return lastName(node.callee) === 'parse' && lastName(node.callee.object) === 'JSON'
}

function isReadOf(text: Node, { syntax, calls }: Source): boolean {
  let node = bare(text)
  if (node?.type === 'LogicalExpression') node = bare(node.left)
  const name = node?.type === 'Identifier' ? lastName(node) : undefined
  const value = name === undefined ? node : constantOf(syntax, name, text)
  return calls.some((call) => {
    return call.node === value && call.kind === 'redis' && reads.test(call.command)
  })
}
