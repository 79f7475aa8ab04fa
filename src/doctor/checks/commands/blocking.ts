/** CMD01, CMD02: commands that keep everybody else waiting: in use, or allowed. */
import type { ClientRow, SlowEntry } from '../../../inspect/index.ts'
import { type Check, crit, type Verdict, warn } from '../../check.ts'
import { doctorName } from '../../doctor-options.ts'
import type { Facts } from '../../facts.ts'

/** Whose time grows with what is stored: harmless on ten elements, and not on a million. */
const growing: ReadonlySet<string> = new Set([
  'eval',
  'flushall',
  'flushdb',
  'hgetall',
  'keys',
  'lrange',
  'smembers',
  'sort',
  'sunion',
  'zrange',
])
const whoMax = 5

const inUse: Check = {
  id: 'CMD01',
  group: 'commands',
  title: 'A command that blocks everybody is in use',
  rule:
    'Calls of KEYS in INFO commandstats, within the window and since the start; and commands ' +
    'whose time grows with what is stored, where the slow log holds them.',
  thresholds: { warn: 'KEYS since the start; others in the slow log', crit: 'KEYS now' },
  source: 'our own; sizes of the slow log by SLOWLOG',
  needs: ['info'],
  commands: ['INFO commandstats', 'SLOWLOG GET 128', 'CLIENT LIST'],
  remedy: {
    text:
      'Walk with SCAN in bounded steps, remove with UNLINK, and read parts of large values; ' +
      'whoever calls it stands in the evidence.',
    commands: ['SCAN 0 MATCH user:* COUNT 100', 'UNLINK key'],
  },
  judge: (facts) => [...keysVerdicts(facts), ...slowVerdicts(facts)],
}

function keysVerdicts(facts: Facts): readonly Verdict[] {
  const window = facts.need('info')
  const sinceStart = window.last.commands().find(({ name }) => name === 'keys')?.calls ?? 0
  if (sinceStart === 0) return []
  const now = window.calls().get('keys') ?? 0
  const values = { callsInWindow: now, callsSinceStart: sinceStart, who: whoSends('keys', facts) }
  const subject = 'keys'
  const cause = 'KEYS looks at every key of the server before anybody else is answered.'
  return [now > 0 ? crit(values, { subject, cause }) : warn(values, { subject, cause })]
}

function slowVerdicts(facts: Facts): readonly Verdict[] {
  const entries = facts.find('slowLog')?.entries ?? []
  const slow = new Map<string, SlowEntry[]>()
  for (const entry of entries) {
    // KEYS has a verdict of its own, from an exact count.
    if (entry.command === 'keys' || !growing.has(entry.command)) continue
    slow.set(entry.command, [...(slow.get(entry.command) ?? []), entry])
  }
  return [...slow].map(([command, found]) => {
    const slowestMs = Math.max(...found.map(({ amount }) => amount)) / 1_000
    const values = { entries: found.length, slowestMs, who: whoSends(command, facts) }
    return warn(values, { subject: command, title: 'A command that blocks everybody was slow' })
  })
}

function whoSends(command: string, facts: Facts): string {
  const logged = (facts.find('slowLog')?.entries ?? []).filter((entry) => entry.command === command)
  const connected = (facts.find('clients') ?? []).filter((client) => client.command === command)
  const names = [
    ...logged.map(({ clientName, clientAddress }) => clientName || clientAddress),
    ...connected.map(nameOfClient),
  ]
  const distinct = [...new Set(names)].filter(Boolean)
  return distinct.slice(0, whoMax).join(', ') || 'not known'
}

function nameOfClient({ name, library, address }: ClientRow): string {
  return name || library || address
}

const allowed: Check = {
  id: 'CMD02',
  group: 'commands',
  title: 'Services may send commands that block everybody',
  rule: 'ACL DRYRUN of KEYS, FLUSHALL and FLUSHDB for every user that has a connection.',
  thresholds: { warn: 'any of them is allowed' },
  source: 'our own',
  needs: ['dryRuns'],
  commands: ['CLIENT LIST', 'ACL DRYRUN <user> KEYS *'],
  remedy: {
    text: 'Give every service a user of its own without dangerous commands.',
    commands: ['ACL SETUSER <user> -keys -flushall -flushdb'],
  },
  judge: (facts) => {
    const byUser = new Map<string, string[]>()
    for (const { user, command, isAllowed } of facts.need('dryRuns')) {
      if (!isAllowed || user.startsWith(doctorName)) continue
      byUser.set(user, [...(byUser.get(user) ?? []), command.toLowerCase()])
    }
    return [...byUser].map(([user, commands]) => {
      return warn({ allowed: commands.join(', ') }, { subject: user })
    })
  },
}

export const blockingChecks: readonly Check[] = [inUse, allowed]
