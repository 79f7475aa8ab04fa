/** FLUSHDB and FLUSHALL: empty what everybody else keeps there too. */
import type { CodeRule } from '../code-rule.ts'

export const flush: CodeRule = {
  name: 'flush',
  severity: 'crit',
  title: 'A whole database is flushed',
  cause: 'Locks, sessions and queues go with the cache, and every reader loads at once.',
  remedy: 'Clear the family that is meant; its keys are removed in bounded steps.',
  example: ["await cache.positions.clear({ reason: 'migration' })"],
  // `flushAll` is also what caches inside a process call it; `flushdb` is only ever Redis.
  find: ({ calls }) =>
    calls
      .filter(({ command, kind }) => {
        return command === 'flushdb' || (command === 'flushall' && kind === 'redis')
      })
      .map(({ node }) => node),
}
