/** CMD08 to CMD11: reads one by one, large replies, errors, and services that disagree. */
import type { DeclaredFamily, ProcessFacts } from '../../../observe/index.ts'
import { type Check, crit, megabytes, rounded, type Verdict, warn } from '../../check.ts'
import type { Facts } from '../../facts.ts'

const callsPerRequestMax = 10
const requestsMin = 1_000
const replyBytesMax = 65_536
const entryBytesMax = 2 ** 20
const commandsMin = 100
const errorsMin = 20
const errorShareMax = 0.01

const oneByOne: Check = {
  id: 'CMD08',
  group: 'commands',
  title: 'Keys are read one after another',
  rule:
    'Calls to Redis for each page that a process has answered since its start. Reads of one ' +
    'tick are one call, so many calls are reads that wait for each other.',
  thresholds: { warn: 'more than 10 calls for a page, from 1,000 pages on' },
  source: 'our own',
  needs: ['processes'],
  commands: ['staleproof services'],
  remedy: {
    text: 'Ask for all keys at once.',
    commands: ['await cache.prices.getMany(ids)'],
  },
  judge: (facts) =>
    facts.need('processes').flatMap(({ service, redisLatency, parts, process }) => {
      const pages = (parts.pages ?? []).reduce((sum, { requests }) => sum + requests, 0)
      if (pages < requestsMin || redisLatency.count <= pages * callsPerRequestMax) return []
      const callsPerPage = rounded(redisLatency.count / pages, 1)
      return [warn({ pages, callsPerPage, process }, { subject: service })]
    }),
}

const largeReplies: Check = {
  id: 'CMD09',
  group: 'commands',
  title: 'Replies or requests are large',
  rule:
    'COMMANDLOG of large requests and replies where the server has it; else bytes sent for each ' +
    'command within the window, from 100 commands on.',
  thresholds: { warn: 'an entry above 1 MiB; more than 64 KiB for a command' },
  source: 'our own',
  needs: ['info'],
  commands: ['COMMANDLOG GET 128 large-reply', 'INFO stats'],
  remedy: {
    text: 'Store what is read together and no more, ask for pages, or turn compression on.',
    commands: [],
  },
  judge: (facts) => {
    const log = facts.find('commandLog')
    if (log === undefined) return meanReply(facts)
    return [...largest('reply', log.replies), ...largest('request', log.requests)]
  },
}

function largest(
  kind: string,
  entries: readonly { readonly command: string; readonly amount: number }[],
): readonly Verdict[] {
  const large = entries.filter(({ amount }) => amount > entryBytesMax)
  if (large.length === 0) return []
  const top = large.reduce((one, other) => (other.amount > one.amount ? other : one))
  const values = { entries: large.length, largestMb: megabytes(top.amount), command: top.command }
  return [warn(values, { subject: kind })]
}

function meanReply(facts: Facts): readonly Verdict[] {
  const window = facts.need('info')
  const commands = window.delta('total_commands_processed')
  const replication = window.findDelta('total_net_repl_output_bytes') ?? 0
  const bytes = window.delta('total_net_output_bytes') - replication
  const mean = bytes / commands
  if (commands < commandsMin || mean <= replyBytesMax) return []
  return [warn({ commands, meanBytes: Math.round(mean) }, { subject: 'mean reply' })]
}

const errorReplies: Check = {
  id: 'CMD10',
  group: 'commands',
  title: 'The server answers with errors',
  rule: 'INFO errorstats within the window, against all commands; OOM also since the start.',
  thresholds: {
    warn: 'more than 1 % of commands, from 20 errors on; OOM since the start',
    crit: 'OOM',
  },
  source: 'redis_exporter shows them; the bounds are ours',
  needs: ['info'],
  commands: ['INFO errorstats'],
  remedy: {
    text:
      'OOM: a policy that evicts, or more memory. NOPERM: the rights of the user. WRONGTYPE: two ' +
      'services use one name.',
    commands: ['INFO memory', 'ACL LOG'],
  },
  judge: (facts) => {
    const window = facts.need('info')
    const commands = window.delta('total_commands_processed')
    const sinceStart = window.last.errors()
    return [...window.errors()].flatMap(([code, errors]) => {
      const values = { errors, commands, sinceStart: sinceStart.get(code) ?? 0 }
      if (code === 'OOM' && values.sinceStart > 0) {
        return [errors > 0 ? crit(values, { subject: code }) : warn(values, { subject: code })]
      }
      if (errors < errorsMin || errors <= commands * errorShareMax) return []
      return [warn(values, { subject: code })]
    })
  },
}

const disagreement: Check = {
  id: 'CMD11',
  group: 'commands',
  title: 'Services declare a family differently',
  rule: 'What live processes declare of a family: template, codec, encryption, TTL, bound of age.',
  thresholds: { warn: 'TTL or bound of age differ', crit: 'template, codec or encryption differ' },
  source: 'our own',
  needs: ['caches'],
  commands: ['staleproof diff'],
  remedy: {
    text: 'Declare families in one package that all services share, and deploy all of them.',
    commands: ['staleproof diff'],
  },
  judge: (facts) =>
    [...facts.need('caches').values()].flatMap((processes) => {
      const names = new Set(processes.flatMap(({ families }) => Object.keys(families)))
      return [...names].flatMap((family) => differences(family, processes))
    }),
}

const mustAgree = ['template', 'codec', 'isEncrypted'] as const
const shouldAgree = ['ttlMs', 'maxStaleMs'] as const

function differences(family: string, processes: readonly ProcessFacts[]): readonly Verdict[] {
  const declared = processes.flatMap(({ families, service }) => {
    const facts = families[family]
    return facts === undefined ? [] : [{ service, facts }]
  })
  const fields = (names: readonly (keyof DeclaredFamily)[]): Record<string, string> =>
    Object.fromEntries(
      names.flatMap((name) => {
        const said = new Map(declared.map(({ facts, service }) => [String(facts[name]), service]))
        const text = [...said].map(([value, service]) => `${value} (${service})`).join(', ')
        return said.size > 1 ? [[name, text]] : []
      }),
    )
  const grave = fields(mustAgree)
  const light = fields(shouldAgree)
  const values = { ...grave, ...light }
  if (Object.keys(grave).length > 0) return [crit(values, { subject: family })]
  return Object.keys(light).length > 0 ? [warn(values, { subject: family })] : []
}

export const trafficChecks: readonly Check[] = [oneByOne, largeReplies, errorReplies, disagreement]
