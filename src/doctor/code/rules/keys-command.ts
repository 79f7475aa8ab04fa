/** KEYS: walks all keys of the server while everybody waits. */
import type { CodeRule } from '../code-rule.ts'
import { staticText } from '../syntax.ts'

export const keysCommand: CodeRule = {
  name: 'keys-command',
  severity: 'crit',
  title: 'KEYS is called',
  cause: 'KEYS looks at every key of the server, and answers nobody else meanwhile.',
  remedy: 'Walk with SCAN in bounded steps, or name what is to be found by a tag or an index.',
  example: ["for await (const keys of redis.scanStream({ match: 'user:*', count: 100 })) …"],
  // A collection has `keys()` too, without an argument.
  find: ({ calls }) =>
    calls
      .filter(({ command, args }) => command === 'keys' && args.length === 1)
      .filter(({ kind, args }) => kind === 'redis' || staticText(args[0])?.includes('*') === true)
      .map(({ node }) => node),
}
