/** Names of commands as rights name them: `info`, and `config|get` where there are several. */

const containers = new Set([
  'acl',
  'client',
  'cluster',
  'command',
  'commandlog',
  'config',
  'debug',
  'function',
  'hotkeys',
  'latency',
  'memory',
  'module',
  'object',
  'pubsub',
  'script',
  'slowlog',
  'xgroup',
  'xinfo',
])

/** What goes to the server. */
export type Argument = string | number | Buffer

/** A command with its arguments. */
export type CommandLine = readonly [command: string, ...args: Argument[]]

/** In lower case, with its subcommand. */
export function commandName([command, first]: CommandLine): string {
  const name = command.toLowerCase()
  if (!containers.has(name) || first === undefined) return name
  return `${name}|${String(first).toLowerCase()}`
}
