/** SEC01: who gets in, and what they may do. */
import { type Check, crit, type Verdict, warn } from '../../check.ts'
import type { AclUser, Facts } from '../../facts.ts'

const loopback = /^-?(127\.\d+\.\d+\.\d+|::1|localhost)$/

export const access: Check = {
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

/** From other machines, without a password. False also where neither is known. */
export function letsAnybodyIn(facts: Facts): boolean {
  return isReached(facts) && usersWithoutPassword(facts).length > 0
}

function openUsers(facts: Facts): readonly Verdict[] {
  const level = isReached(facts) ? crit : warn
  const reach = reachOf(facts)
  const title = 'A user needs no password'
  return usersWithoutPassword(facts).map(({ name }) => level({ reach }, { subject: name, title }))
}

function usersWithoutPassword(facts: Facts): readonly AclUser[] {
  const users = facts.find('users') ?? []
  return users.filter(({ rule }) => hasWord(rule, 'on') && hasWord(rule, 'nopass'))
}

/** Protected mode shuts others out only as long as the default user needs no password. */
function isReached(facts: Facts): boolean {
  if (reachOf(facts) !== 'beyond') return false
  if (facts.find('config')?.get('protected-mode') !== 'yes') return true
  const { rule } = facts.find('users')?.find(({ name }) => name === 'default') ?? { rule: '' }
  return !hasWord(rule, 'nopass')
}

function allRights(facts: Facts): readonly Verdict[] {
  const all = facts
    .need('users')
    // What needs no password is told already.
    .find(({ name, rule }) => name === 'default' && hasWord(rule, 'on') && !hasWord(rule, 'nopass'))
  if (all === undefined || !mayDoAll(all.rule)) return []
  const title = 'The default user may do everything'
  return [warn({ rule: '+@all' }, { subject: 'default', title })]
}

function plainText(facts: Facts): readonly Verdict[] {
  const tlsPort = facts.find('config')?.get('tls-port')
  if (reachOf(facts) !== 'beyond' || tlsPort !== '0') return []
  const title = 'The server speaks without TLS'
  return [warn({ tlsPort }, { subject: 'tls', title })]
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
