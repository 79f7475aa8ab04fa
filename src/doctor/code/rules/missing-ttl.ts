/** SET and its kin without a time to live: what is written stays for good. */
import type { CodeRule, Source } from '../code-rule.ts'
import { keyText } from '../key-text.ts'
import type { StoreCall } from '../store-call.ts'
import { bare, functionAround, lastName, type Node, nodesIn, staticText } from '../syntax.ts'

const timeOptions = /^(EX|PX|EXAT|PXAT|KEEPTTL|expiration)$/i
/** What gives a key its time afterwards. */
const laterCommands = /^p?expire(at)?$/

export const missingTtl: CodeRule = {
  name: 'missing-ttl',
  severity: 'warn',
  title: 'A key is written without a time to live',
  cause: 'Nothing ever removes it: memory fills, and an invalidation that is missed stays missed.',
  remedy: 'Give every key of a cache a time to live, in the command that writes it.',
  example: ["await redis.set(key, value, 'EX', 300)", 'await redis.set(key, value, { EX: 300 })'],
  find: (source) =>
    source.calls
      .filter(({ kind }) => kind === 'redis')
      .filter((call) => lacksTime(call) && !getsTimeLater(call, source))
      .map(({ node }) => node),
}

function lacksTime({ command, args }: StoreCall): boolean {
  if (args.some(({ type }) => type === 'SpreadElement')) return false
  if (command === 'setnx') return args.length === 2
  if (command === 'mset') return args.length > 0
  if (command === 'setex' || command === 'psetex') return args.length === 2
  return command === 'set' && args.length >= 2 && !args.slice(2).some(mayBeTime)
}

/** An option that says for how long, or one that can't be read here. */
function mayBeTime(option: Node): boolean {
  const node = bare(option)
  if (node?.type === 'ObjectExpression') {
    const fields = nodesIn(node.properties)
    return fields.some(({ key, type }) => {
      return type === 'SpreadElement' || timeOptions.test(lastName(key) ?? '')
    })
  }
  const text = staticText(node)
  // A number is how wrappers are told it; of a name we can't know.
  return text === undefined || timeOptions.test(text)
}

function getsTimeLater({ args, node }: StoreCall, { calls, syntax }: Source): boolean {
  const around = functionAround(syntax, node)
  const key = nameOfKey(syntax, args[0])
  return calls.some(
    (later) =>
      laterCommands.test(later.command) &&
      functionAround(syntax, later.node) === around &&
      nameOfKey(syntax, later.args[0]) === key,
  )
}

function nameOfKey(syntax: Source['syntax'], key: Node | undefined): string | undefined {
  return keyText(syntax, key) ?? lastName(key)
}
