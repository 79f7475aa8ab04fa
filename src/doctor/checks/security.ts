/** SEC01 to SEC03: who may do what, how old the server is, and what it tells of its keys. */
import { type Check, crit, info, ok, rounded, type Verdict, warn } from '../check.ts'
import type { AclUser, Facts } from '../facts.ts'
import { factsUntil, openAdvisories, unsupportedSince } from './security/version-facts.ts'

const loopback = /^-?(127\.\d+\.\d+\.\d+|::1|localhost)$/
const busyPerS = 1_000

const access: Check = {
  id: 'SEC01',
  group: 'security',
  title: 'Access to the server is too open',
  rule:
    'Users of ACL LIST that need no password or may do everything; protected-mode, and TLS ' +
    'where the server listens beyond this machine.',
  thresholds: {
    warn: 'a user without a password, the default user with all rights, no TLS',
    crit: 'a user without a password that other machines reach',
  },
  source: 'RedisInsight warns of nopass; the rest is ours',
  needs: ['users'],
  commands: ['ACL LIST', 'CONFIG GET bind', 'CONFIG GET protected-mode', 'CONFIG GET tls-port'],
  remedy: {
    text: 'A user for each service with the rights it needs, and the default user switched off.',
    commands: [
      'ACL SETUSER api on >PASSWORD ~* &* +@all -@dangerous',
      'ACL SETUSER default off',
      'staleproof export acl',
    ],
  },
  judge: (facts) => [...openUsers(facts), ...allRights(facts), ...plainText(facts)],
}

function openUsers(facts: Facts): readonly Verdict[] {
  const reach = reachOf(facts)
  const isReached = reach === 'beyond' && !isProtected(facts)
  return facts
    .need('users')
    .filter(isOn)
    .flatMap(({ name, rule }) => {
      if (!hasWord(rule, 'nopass')) return []
      const title = 'A user needs no password'
      const details = { subject: name, title }
      return [isReached ? crit({ reach }, details) : warn({ reach }, details)]
    })
}

/** Protected mode shuts others out only as long as the default user needs no password. */
function isProtected(facts: Facts): boolean {
  if (facts.find('config')?.get('protected-mode') !== 'yes') return false
  return facts.need('users').some(({ name, rule }) => name === 'default' && hasWord(rule, 'nopass'))
}

function allRights(facts: Facts): readonly Verdict[] {
  const all = facts
    .need('users')
    .filter(isOn)
    .find(({ name, rule }) => {
      // What needs no password is told already.
      return name === 'default' && !hasWord(rule, 'nopass') && mayDoAll(rule)
    })
  if (all === undefined) return []
  const title = 'The default user may do everything'
  return [warn({ rule: '+@all' }, { subject: 'default', title })]
}

function plainText(facts: Facts): readonly Verdict[] {
  const tlsPort = facts.find('config')?.get('tls-port')
  if (reachOf(facts) !== 'beyond' || tlsPort !== '0') return []
  const title = 'The server speaks without TLS'
  return [warn({ tlsPort }, { subject: 'tls', title })]
}

function isOn({ rule }: AclUser): boolean {
  return hasWord(rule, 'on')
}

/** `user NAME on nopass ~on:* +@all`: names and patterns may hold any word. */
function hasWord(rule: string, word: string): boolean {
  return wordsOf(rule).includes(word)
}

function mayDoAll(rule: string): boolean {
  const words = wordsOf(rule)
  const at = words.lastIndexOf('+@all')
  return at >= 0 && !words.slice(at).some((word) => word.startsWith('-'))
}

function wordsOf(rule: string): readonly string[] {
  return rule.split(' ').slice(2)
}

function reachOf(facts: Facts): 'this machine' | 'beyond' | 'not known' {
  const bind = facts.find('config')?.get('bind')
  if (bind === undefined) return 'not known'
  const addresses = bind.split(/\s+/).filter(Boolean)
  const isLocal = addresses.length > 0 && addresses.every((address) => loopback.test(address))
  return isLocal ? 'this machine' : 'beyond'
}

const version: Check = {
  id: 'SEC02',
  group: 'security',
  title: 'The version of the server is unsafe or unsupported',
  rule:
    `The version against a table of end of support and of faults that may run code, up to ` +
    `${factsUntil}. A number proves no fault: distributions mend one without changing it, and no ` +
    'command shows whether they did. So none of it is critical.',
  thresholds: { warn: 'out of support, or a fault that its number does not say is mended' },
  source: 'release notes and announcements of Redis and Valkey',
  needs: ['server'],
  commands: ['INFO server'],
  remedy: {
    text:
      'Upgrade to the latest patch of a supported version. A distribution may have mended it ' +
      'without another number: look at the changes of its package.',
    commands: ['redis-server --version'],
  },
  judge: (facts) => {
    const { kind, version } = facts.need('server')
    const tlsPort = facts.find('config')?.get('tls-port') ?? '0'
    const since = unsupportedSince(kind, version)
    const open = openAdvisories({ kind, version, isTls: tlsPort !== '0' })
    const values = {
      version: `${kind} ${version}`,
      ...(since === undefined ? {} : { outOfSupportSince: since }),
      ...(open.length === 0 ? {} : { open: open.map(({ id }) => id).join('; ') }),
      tableUntil: factsUntil,
    }
    const [latest] = open
    if (latest !== undefined) {
      const cause = `By its number alone: ${latest.what}. A package may have it mended.`
      return warn(values, { cause })
    }
    return since === undefined ? ok(values) : warn(values)
  },
}

const notifications: Check = {
  id: 'SEC03',
  group: 'security',
  title: 'The server publishes an event for every change of every key',
  rule: 'notify-keyspace-events, and commands for a second of the window.',
  thresholds: { info: 'all kinds of events, on a quiet server', warn: 'above 1,000 commands/s' },
  source: 'our own; requirement F8',
  needs: ['config', 'info'],
  commands: ['CONFIG GET notify-keyspace-events'],
  remedy: {
    text: 'Ex alone where expiry events are used, and nothing where none are.',
    commands: ['CONFIG SET notify-keyspace-events Ex'],
  },
  judge: (facts) => {
    const events = facts.need('config').get('notify-keyspace-events') ?? ''
    const window = facts.need('info')
    const perS = rounded(window.delta('total_commands_processed') / window.windowS, 0)
    const values = { events: events === '' ? 'none' : events, perS }
    // Kinds of commands one by one cost as much as the `A` for all of them.
    const isAll = /[KE]/.test(events) && /[A$]/.test(events)
    if (!isAll) return ok(values)
    return perS > busyPerS ? warn(values) : info(values)
  },
}

export const securityChecks: readonly Check[] = [access, version, notifications]
