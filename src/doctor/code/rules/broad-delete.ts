/** DEL of a pattern, which removes nothing, or of whatever KEYS has found. */
import type { CodeRule, Source } from '../code-rule.ts'
import { constantOf, keyText } from '../key-text.ts'
import { bare, isFunction, isNode, lastName, type Node, nodesIn } from '../syntax.ts'

const removers: ReadonlySet<string> = new Set(['del', 'unlink', 'delete'])

export const broadDelete: CodeRule = {
  name: 'broad-delete',
  severity: 'crit',
  title: 'A pattern is deleted, or all that KEYS finds',
  cause:
    'DEL takes names: a pattern removes nothing. What KEYS finds may be a million keys, and far ' +
    'more than what was written.',
  remedy: 'Invalidate the keys that the write has touched, by name or by a tag.',
  example: ["await cache.positions.invalidate(userId, { reason: 'order filled' })"],
  find: (source) =>
    source.calls
      .filter(({ command, kind }) => kind !== undefined && removers.has(command))
      .filter(({ args }) => args.some((key) => isBroad(key, source)))
      .map(({ node }) => node),
}

function isBroad(key: Node, source: Source): boolean {
  const node = bare(key.type === 'SpreadElement' ? key.argument : key)
  if (node === undefined) return false
  if (keyText(source.syntax, node)?.includes('*') === true) return true
  const value = originOf(node, source)
  return source.calls.some((call) => call.node === value && isKeys(call))
}

/** What a name was set to, or is taken from one by one. */
function originOf(node: Node, source: Source): Node | undefined {
  const from = loopedOver(node, source) ?? node
  const name = from.type === 'Identifier' ? lastName(from) : undefined
  return name === undefined ? from : constantOf(source.syntax, name, from)
}

/** `list` of `for (const key of list)` around a key. */
function loopedOver(key: Node, { syntax }: Source): Node | undefined {
  const name = key.type === 'Identifier' ? lastName(key) : undefined
  let around = name === undefined ? undefined : syntax.parentOf(key)
  while (around !== undefined && !isFunction(around)) {
    const [declared] = isNode(around.left) ? nodesIn(around.left.declarations) : []
    if (around.type === 'ForOfStatement' && lastName(declared?.id) === name) {
      return bare(around.right)
    }
    around = syntax.parentOf(around)
  }
  return undefined
}

function isKeys({ command, args, kind }: Source['calls'][number]): boolean {
  return command === 'keys' && args.length === 1 && kind !== undefined
}
