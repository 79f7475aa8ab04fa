/** CMD04, CMD05, CMD12: invalidations that are too broad, unheard, or not enough. */

import { namespaceOfChannel } from '../../../core/channel.ts'
import type { ProcessFacts } from '../../../observe/index.ts'
import { type Check, crit, info, rounded, type Verdict, warn } from '../../check.ts'
import type { Facts } from '../../facts.ts'

const removers: ReadonlySet<string> = new Set(['del', 'unlink'])
const keysOfOneCallMax = 100
const callsMin = 20
const hourMs = 3_600_000
const reloadsMin = 100
const unchangedShareMax = 0.5
const lagWarnMs = 500
const recentMs = 15 * 60_000

const tooBroad: Check = {
  id: 'CMD04',
  group: 'commands',
  title: 'An invalidation removes far more than was written',
  rule:
    'FLUSHALL and FLUSHDB in INFO commandstats; DEL and UNLINK of many keys in the slow log. Of ' +
    'each process since its start: keys that its invalidations named; whole families that it has ' +
    'invalidated for one subject; loads of keys that a message of an invalidation had named ' +
    'which gave what was there before, of a sample of keys; and lists of pending invalidations ' +
    'that were full and became a family.',
  thresholds: {
    info: 'a flush since the start',
    warn:
      'more than 100 keys in one slow DEL, or in the p95 of 20 invalidations; more than half of ' +
      '100 loads unchanged; a full list',
    crit:
      'a flush within the window; 20 times a whole family for one subject, and as often as once ' +
      'an hour since the start',
  },
  source: 'our own',
  needs: ['info'],
  uses: ['slowLog', 'processes'],
  commands: ['INFO commandstats', 'SLOWLOG GET 128', 'staleproof tail'],
  remedy: {
    text: 'Invalidate the keys that the write has touched, by name or by a tag.',
    commands: ["staleproof invalidate 'positions:42' --reason 'order filled'"],
  },
  judge: (facts) => [
    ...flushes(facts),
    ...longRemovals(facts),
    ...(facts.find('processes') ?? []).flatMap(broadInvalidations),
  ],
}

function flushes(facts: Facts): readonly Verdict[] {
  const window = facts.need('info')
  const calls = window.calls()
  return window.last.commands().flatMap(({ name, calls: sinceStart }) => {
    if (!/^flush(all|db)$/.test(name) || sinceStart === 0) return []
    const callsInWindow = calls.get(name) ?? 0
    const values = { callsInWindow, callsSinceStart: sinceStart }
    const details = { subject: name, cause: 'Every reader loads at once after it.' }
    return [callsInWindow > 0 ? crit(values, details) : info(values, details)]
  })
}

/** The slow log shortens long commands, and says by how much. */
function longRemovals(facts: Facts): readonly Verdict[] {
  const most = new Map<string, number>()
  for (const { command, args } of facts.find('slowLog')?.entries ?? []) {
    if (!removers.has(command)) continue
    const cut = /^\.\.\. \((\d+) more arguments\)$/.exec(args.at(-1) ?? '')?.[1]
    const keys = cut === undefined ? args.length : args.length - 1 + Number(cut)
    if (keys > keysOfOneCallMax) most.set(command, Math.max(keys, most.get(command) ?? 0))
  }
  return [...most].map(([command, keys]) => warn({ keys }, { subject: command }))
}

function broadInvalidations(facts: ProcessFacts): readonly Verdict[] {
  const { breadth } = facts
  if (breadth === undefined) return fullLists(facts)
  const counted = { ...facts, breadth }
  const byName = [...wholeFamilies(counted), ...manyKeys(counted), ...collateral(counted)]
  return [...byName, ...fullLists(facts)]
}

type CountedFacts = ProcessFacts & { readonly breadth: NonNullable<ProcessFacts['breadth']> }

/** Now and then it is an administrator, in whose name it stands. */
function wholeFamilies({
  service,
  process,
  startedMs,
  atMs,
  breadth,
}: CountedFacts): readonly Verdict[] {
  const { wholesale, lastWholesale = '' } = breadth
  const hours = (atMs - startedMs) / hourMs
  if (wholesale < callsMin || wholesale < hours) return []
  const title = 'A whole family is invalidated for one subject'
  const values = { calls: wholesale, hours: rounded(hours, 1), last: lastWholesale, process }
  return [crit(values, { subject: service, title })]
}

function manyKeys({ service, process, breadth }: CountedFacts): readonly Verdict[] {
  const { calls, keysP95, keysMax } = breadth
  if (calls < callsMin || keysP95 <= keysOfOneCallMax) return []
  const title = 'Invalidations name many keys'
  return [warn({ calls, keysP95, keysMax, process }, { subject: service, title })]
}

function collateral({ service, process, breadth }: CountedFacts): readonly Verdict[] {
  const { reloads, unchanged } = breadth
  if (reloads < reloadsMin || unchanged <= reloads * unchangedShareMax) return []
  const unchangedPercent = rounded((100 * unchanged) / reloads, 1)
  const title = 'Most of what is invalidated had not changed'
  return [warn({ reloads, unchangedPercent, process }, { subject: service, title })]
}

function fullLists({ service, process, stats }: ProcessFacts): readonly Verdict[] {
  const { overflows } = stats.delivery
  if (overflows === 0) return []
  const cause = 'More was pending than the list holds, so whole families were invalidated.'
  return [warn({ overflows, process }, { subject: service, cause })]
}

const unheard: Check = {
  id: 'CMD05',
  group: 'commands',
  title: 'Invalidations do not reach every process in time',
  rule:
    'Subscribers of the channels of invalidations, against live processes that keep a memory; ' +
    'and how long an invalidation takes until it is applied.',
  thresholds: { warn: 'p99 of the lag above 500 ms', crit: 'a live process does not listen' },
  source: 'our own',
  needs: ['channels', 'caches'],
  commands: ['PUBSUB NUMSUB <channels>'],
  remedy: {
    text: 'Look at the process: its subscription is gone, or it is too busy to read it.',
    commands: ['staleproof services'],
  },
  judge: (facts) => [
    ...missingListeners(facts),
    ...[...facts.need('caches').values()].flatMap(lags),
  ],
}

/** Of each cache that publishes: its channels against its own processes. */
function missingListeners(facts: Facts): readonly Verdict[] {
  return [...facts.need('channels')].flatMap(([channel, subscribers]) => {
    const processes = facts.need('caches').get(namespaceOfChannel(channel) ?? '') ?? []
    // Without memory a process hears nothing, and has nothing to forget.
    const listening = processes.filter(({ stats }) => stats.memory.bytesMax > 0).length
    if (subscribers >= listening) return []
    return [crit({ subscribers, processes: listening }, { subject: channel })]
  })
}

function lags(processes: readonly ProcessFacts[]): readonly Verdict[] {
  return processes.flatMap(({ service, process, stats }) => {
    const { p99Ms, count } = stats.coherence.lag
    if (p99Ms <= lagWarnMs) return []
    return [warn({ p99Ms, count, process }, { subject: service })]
  })
}

const staleReads: Check = {
  id: 'CMD12',
  group: 'commands',
  title: 'A stale value was served',
  rule: 'Reads that were compared with Redis afterwards and were older than they may be.',
  thresholds: { warn: 'any since the start', crit: 'any within 15 minutes' },
  source: 'requirement B6',
  needs: ['processes'],
  commands: ['staleproof services'],
  remedy: {
    text: 'Something writes to the slots beside the library, or the clock of the server jumps.',
    commands: ['staleproof explain KEY'],
  },
  judge: (facts) => {
    const lately = recentlyStale(facts)
    const byFamily = new Map<string, number>()
    for (const { stats } of facts.need('processes')) {
      for (const [family, count] of Object.entries(stats.coherence.staleReads)) {
        byFamily.set(family, (byFamily.get(family) ?? 0) + count)
      }
    }
    const found = [...byFamily].filter(([, count]) => count > 0)
    return found.map(([family, sinceStart]) => {
      const values = { sinceStart, inTheLast15Min: lately ?? 'not known' }
      return lately === 0 ? warn(values, { subject: family }) : crit(values, { subject: family })
    })
  },
}

/** Undefined where no history says; then the time since the start has to do. */
function recentlyStale(facts: Facts): number | undefined {
  const points = facts.find('history')
  const nowMs = facts.find('nowMs')
  if (points === undefined || points.length === 0 || nowMs === undefined) return undefined
  const recent = points.filter(({ atMs }) => atMs > nowMs - recentMs)
  return recent.reduce((sum, { numbers }) => sum + (numbers.staleReads ?? 0), 0)
}

export const invalidationChecks: readonly Check[] = [tooBroad, unheard]
export const staleReadChecks: readonly Check[] = [staleReads]
