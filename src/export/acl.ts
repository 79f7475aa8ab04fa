/**
 * Users of a Redis with the rights that they need and no others, as `ACL SETUSER` lines
 * (Redis 7.0 and later, Valkey). Each begins with `reset`, so that a line may be run again.
 *
 * A command that only some servers know has a line of its own: one that does not know it refuses
 * that line, and the user stands without it.
 */
import { StaleproofError } from '../core/errors.ts'
import { invalid, isName, NAME_EXPECTED } from '../core/option-checks.ts'
import { allowedCommands } from '../inspect/index.ts'
import { reporterCommands, serverCommands } from '../observe/index.ts'

/** `cache`: services. `reporter`: their reports and the admin API. `doctor`: who looks around. */
export type AclRole = 'cache' | 'reporter' | 'doctor'

export interface AclOptions {
  /** Of the catalog, or the option of that name. */
  readonly namespace: string
  /** Default: all of them. */
  readonly role?: AclRole | undefined
  /** The name of the one user. Default: `staleproof-` and the role. */
  readonly user?: string | undefined
}

interface Rights {
  readonly keys: readonly string[]
  readonly channels: readonly string[]
  readonly commands: readonly string[]
}

/** What every connection may say of itself. */
const connecting = ['auth', 'client|setinfo', 'client|setname', 'hello', 'ping', 'select']

/** By the connections, and by scripts, which have the rights of who runs them. */
const cacheCommands = [
  ...['cluster|info', 'cluster|slots', 'eval', 'evalsha', 'info', 'mget', 'scan', 'time', 'wait'],
  ...['publish', 'spublish', 'ssubscribe', 'subscribe', 'sunsubscribe', 'unsubscribe'],
  ...['del', 'get', 'getrange', 'pexpire', 'pttl', 'rename', 'set', 'unlink'],
  ...['hdel', 'hget', 'hincrby', 'hlen', 'hmget', 'hrandfield', 'hset'],
  ...['zadd', 'zcount', 'zrangebyscore', 'zrem', 'zremrangebyscore'],
]

/** What a service tells of itself, and what the admin API shows: also the doctor's report. */
const operating = [
  ...allowedCommands,
  ...reporterCommands,
  ...serverCommands,
  'strlen',
  'xrevrange',
]

/** Not every server that we run on knows them. */
const newCommands: readonly string[] = [
  'client|no-touch',
  'client|setinfo',
  'cluster|slot-stats',
  'commandlog|get',
]

const roles: readonly AclRole[] = ['cache', 'reporter', 'doctor']

/** `PASSWORD` is to be replaced; ends with a line break. */
export function aclRules({ namespace, role, user }: AclOptions): string {
  // Both stand in lines of rules, where a space would begin another right.
  for (const [name, value] of Object.entries({ namespace, user: user ?? 'default' })) {
    if (!isName(value)) throw invalid('rights', name, NAME_EXPECTED, value)
  }
  if (user !== undefined && role === undefined) {
    const details = { expected: 'a role for it', received: 'none' }
    throw new StaleproofError('SP_OPTION_INVALID', `user '${user}' is named`, details)
  }
  const lines = roles
    .filter((each) => role === undefined || each === role)
    .flatMap((each) => linesOf(user ?? `staleproof-${each}`, rightsOf(each, namespace)))
  return `${lines.join('\n')}\n`
}

function rightsOf(role: AclRole, namespace: string): Rights {
  const own = `{${namespace}:*`
  if (role === 'cache') {
    const channels = [`&cache:invalidate:${own}`, `&${own}`]
    return { keys: [`~${own}`], channels, commands: cacheCommands }
  }
  if (role === 'reporter') {
    const keys = [`~{${namespace}:0}:o:*`, `%R~${own}`]
    return { keys, channels: [], commands: operating }
  }
  return { keys: ['%R~*'], channels: [], commands: allowedCommands }
}

function linesOf(user: string, { keys, channels, commands }: Rights): readonly string[] {
  const all = [...new Set([...connecting, ...commands])].sort()
  const rights = all.filter((command) => !newCommands.includes(command)).map(right)
  const line = ['reset', 'on', '>PASSWORD', ...keys, ...channels, '-@all', ...rights]
  const later = all.filter((command) => newCommands.includes(command))
  return [line.join(' '), ...later.map(right)].map((rule) => `ACL SETUSER ${user} ${rule}`)
}

function right(command: string): string {
  return `+${command}`
}
