/** SEC01 to SEC03: who may do what, how old the server is, and what it tells of its keys. */
import { type Check, info, ok, rounded, warn } from '../check.ts'
import { access } from './security/access.ts'
import { version } from './security/version.ts'

const busyPerS = 1_000

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
    const perS = rounded(window.perS('total_commands_processed'), 0)
    const values = { events: events === '' ? 'none' : events, perS }
    // Kinds of commands one by one cost as much as the `A` for all of them.
    const isAll = /[KE]/.test(events) && /[A$]/.test(events)
    if (!isAll) return ok(values)
    return perS > busyPerS ? warn(values) : info(values)
  },
}

export const securityChecks: readonly Check[] = [access, version, notifications]
