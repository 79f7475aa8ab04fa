/** Keys put together where they are used: nobody can list them, or rename one everywhere. */
import type { CodeRule } from '../code-rule.ts'
import { isHandBuilt, keyText } from '../key-text.ts'
import type { StoreCall } from '../store-call.ts'
import { bare, type Node, nodesIn } from '../syntax.ts'

const firstIsKey: ReadonlySet<string> = new Set([
  ...['get', 'getdel', 'getex', 'getset', 'set', 'setex', 'setnx', 'psetex', 'incr', 'decr'],
  ...['exists', 'expire', 'ttl', 'pttl', 'hget', 'hgetall', 'hset'],
  // Of caches: what is there, removed, or loaded in between.
  ...['delete', 'has', 'wrap'],
])
const allAreKeys = /^(del|unlink|mget)$/

export const handBuiltKey: CodeRule = {
  name: 'hand-built-key',
  severity: 'warn',
  title: 'A key is put together by hand',
  cause: 'Two places that build one key drift apart, and an invalidation misses what it means.',
  remedy: 'Declare the family once and ask it by its id; then the key has one author.',
  example: [
    "const positions = family('positions:{userId}', { ttl: '30s', value: … })",
    'await cache.positions.get(userId)',
  ],
  find: ({ calls, syntax }) =>
    calls
      .filter(({ kind }) => kind !== undefined)
      .filter((call) => keysOf(call).some((key) => isHandBuilt(keyText(syntax, key))))
      .map(({ node }) => node),
}

function keysOf({ command, args }: StoreCall): readonly Node[] {
  if (firstIsKey.has(command)) return args.slice(0, 1)
  if (!allAreKeys.test(command)) return []
  return args.flatMap((key) => {
    const node = bare(key)
    return node?.type === 'ArrayExpression' ? nodesIn(node.elements) : [key]
  })
}
