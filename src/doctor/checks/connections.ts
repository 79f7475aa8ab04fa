/** CON01 to CON04: how many connections there are, whose, and what becomes of them. */
import type { ClientRow } from '../../inspect/index.ts'
import { type Check, crit, info, levelOf, ok, rounded, type Verdict, warn } from '../check.ts'
import { doctorName } from '../doctor-options.ts'
import type { Facts } from '../facts.ts'
import { Missing } from '../missing.ts'

const perProcessMax = 20
const clientsMin = 5
const shareUnnamedMax = 0.1
const shareIdleMax = 0.5
const idleS = 3_600
const churnPerSMax = 10

const limit: Check = {
  id: 'CON01',
  group: 'connections',
  title: 'Connections are running out',
  rule: 'connected_clients against maxclients, and rejected_connections within the window.',
  thresholds: { warn: 'above 80 %', crit: 'above 90 %, or any refused' },
  source: 'requirement F4: goal below 50 %',
  needs: ['info'],
  commands: ['INFO clients', 'INFO stats'],
  remedy: {
    text: 'Share one connection for each process, bound pools, and close what is idle.',
    commands: ['CLIENT LIST', 'CONFIG SET timeout 3600'],
  },
  judge: (facts) => {
    const window = facts.need('info')
    const configured = facts.find('config')?.get('maxclients')
    const max = configured === undefined ? window.number('maxclients') : Number(configured)
    const connected = window.number('connected_clients')
    const rejected = window.findDelta('rejected_connections') ?? 0
    const percent = rounded((connected / max) * 100, 1)
    const values = { connected, max, percent, rejectedInWindow: rejected }
    if (rejected > 0) return crit(values)
    return { status: levelOf(percent, { warn: 80, crit: 90 }), values }
  },
}

const ofServices: Check = {
  id: 'CON02',
  group: 'connections',
  title: 'Connections are not what they should be',
  rule: 'CLIENT LIST by machine and name, without replicas and this tool; from 5 clients on.',
  thresholds: {
    warn: 'more than 20 of one name and machine; 10 % without a name; half idle for an hour',
  },
  source: 'our own',
  needs: ['clients'],
  commands: ['CLIENT LIST'],
  remedy: {
    text: 'Name connections after their service, share them, and let the server close idle ones.',
    commands: ['CLIENT SETNAME api', 'CONFIG SET timeout 3600'],
  },
  judge: (facts) => {
    const clients = facts.need('clients').filter(isService)
    if (clients.length < clientsMin) return []
    return [...crowds(clients), ...nameless(clients), ...idle(clients)]
  },
}

/** Neither this tool nor a link of replication. */
function isService({ name, flags }: ClientRow): boolean {
  return !name.startsWith(doctorName) && !/[SM]/.test(flags)
}

function crowds(clients: readonly ClientRow[]): readonly Verdict[] {
  const groups = new Map<string, number>()
  for (const { name, library, address } of clients) {
    const who = `${name || library || 'unnamed'} at ${address.replace(/:\d+$/, '')}`
    groups.set(who, (groups.get(who) ?? 0) + 1)
  }
  const large = [...groups].filter(([, connections]) => connections > perProcessMax)
  const title = 'A service holds many connections'
  return large.map(([subject, connections]) => warn({ connections }, { subject, title }))
}

function nameless(clients: readonly ClientRow[]): readonly Verdict[] {
  const unnamed = clients.filter(({ name }) => name === '').length
  if (unnamed <= clients.length * shareUnnamedMax) return []
  const title = 'Connections have no name'
  return [warn({ unnamed, clients: clients.length }, { subject: 'unnamed', title })]
}

/** A subscriber waits for messages, and that is its work. */
function idle(clients: readonly ClientRow[]): readonly Verdict[] {
  const asking = clients.filter(({ subscriptions, flags }) => {
    return subscriptions === 0 && !/[bP]/.test(flags)
  })
  const unused = asking.filter((client) => client.idleS > idleS).length
  if (unused <= asking.length * shareIdleMax) return []
  const title = 'Most connections are idle'
  return [warn({ idle: unused, clients: asking.length }, { subject: 'idle', title })]
}

const churn: Check = {
  id: 'CON03',
  group: 'connections',
  title: 'Connections are opened all the time',
  rule: 'total_connections_received for a second of the window, for each named service.',
  thresholds: { warn: 'more than 10 a second for each service' },
  source: 'our own',
  needs: ['info'],
  commands: ['INFO stats'],
  remedy: { text: 'Open a connection once and keep it.', commands: ['CLIENT LIST'] },
  judge: (facts) => {
    const window = facts.need('info')
    const perS = rounded(window.perS('total_connections_received'))
    const names = new Set((facts.find('clients') ?? []).filter(isService).map(({ name }) => name))
    const services = Math.max(1, names.size)
    const values = { perS, services }
    return perS > churnPerSMax * services ? warn(values) : ok(values)
  },
}

const cutOff: Check = {
  id: 'CON04',
  group: 'connections',
  title: 'The server cuts off clients that read too slowly',
  rule:
    'client_output_buffer_limit_disconnections and client_query_buffer_limit_disconnections, ' +
    'from 7.2 on, within the window and since the start; blocked and subscribed clients beside.',
  thresholds: { info: 'any since the start', warn: 'any within the window' },
  source: 'our own',
  needs: ['info'],
  commands: ['INFO stats', 'INFO clients'],
  remedy: {
    text: 'Look for a subscriber that is too busy to read, or a reply that is too large.',
    commands: ['CLIENT LIST', 'CONFIG GET client-output-buffer-limit'],
  },
  judge: (facts) => {
    if (facts.need('info').findNumber('client_output_buffer_limit_disconnections') === undefined) {
      throw new Missing('moot', 'Redis counts them from 7.2 on')
    }
    return bufferFaults(facts)
  },
}

function bufferFaults(facts: Facts): Verdict {
  const window = facts.need('info')
  const fields = [
    'client_output_buffer_limit_disconnections',
    'client_query_buffer_limit_disconnections',
  ]
  const sum = (of: (field: string) => number) =>
    fields.map(of).reduce((one, other) => one + other, 0)
  const inWindow = sum((field) => window.delta(field))
  const sinceStart = sum((field) => window.number(field))
  const values = {
    inWindow,
    sinceStart,
    blockedClients: window.findNumber('blocked_clients') ?? 'not known',
    pubsubClients: window.findNumber('pubsub_clients') ?? 'not known',
  }
  if (inWindow > 0) return warn(values)
  return sinceStart > 0 ? info(values) : ok(values)
}

export const connectionChecks: readonly Check[] = [limit, ofServices, churn, cutOff]
