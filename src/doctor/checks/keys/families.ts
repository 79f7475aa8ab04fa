/** KEY06, KEY08: keys against what is declared. */

import type { ProcessFacts } from '../../../observe/index.ts'
import { type Check, crit, levelOf, ok, rounded, type Verdict, warn } from '../../check.ts'
import { listed } from '../../key-groups.ts'
import { lowByWeight, sampleOf } from '../../wilson.ts'

const versionsMax = 2
/** A deployment is over by then, whatever the TTL of the family. */
const deploymentMs = 600_000

const foreign: Check = {
  id: 'KEY06',
  title: 'Keys belong to no declared family',
  group: 'keys',
  rule:
    'Sampled keys that no template of the catalog or of a live process yields, by number and ' +
    'by bytes, each by the lower end of its interval. Streams, queues and locks count too.',
  thresholds: { warn: 'more than 1 % of keys or bytes', crit: 'more than 10 %' },
  source: 'Our own (requirement A1)',
  needs: ['sample', 'registry'],
  commands: ['SCAN', 'MEMORY USAGE key'],
  remedy: {
    text: 'Declare them, or move them to another server. The suggestion is a start.',
    commands: [],
  },
  judge(facts) {
    const sample = facts.need('sample')
    const groups = facts.keyGroups()
    const free = groups.filter(({ family }) => family === undefined)
    const hits = free.reduce((sum, { keys }) => sum + keys.length, 0)
    const share = sampleOf(hits, sample.keys.length, sample.total)
    const foreign = new Set(free.flatMap(({ keys }) => keys))
    const weighed = sample.keys.map((key) => ({ weight: key.bytes, isHit: foreign.has(key) }))
    const byBytes = lowByWeight(weighed, sample.total)
    const [largest] = free
    if (largest === undefined) return ok({}, { sample: share })
    const values = {
      bytesPercentAtLeast: rounded(100 * byBytes, 1),
      patterns: listed(free, ({ keys }) => keys.length),
      suggestion: declarationOf(largest.pattern.text),
    }
    const status = levelOf(Math.max(share.low, byBytes), { warn: 0.01, crit: 0.1 })
    return { status, values, sample: share }
  },
}

/** `user:{int}:profile` as it would be declared. */
function declarationOf(pattern: string): string {
  let count = 0
  const template = pattern.replace(/\{(\w+)\}/g, (_, kind: string) => {
    count += 1
    const name = count === 1 ? 'id' : `id${count}`
    return kind === 'int' ? `{${name}:int}` : `{${name}}`
  })
  return `family('${template}', { value: shape<unknown>(), ttl: '5m' })`
}

const versions: Check = {
  id: 'KEY08',
  title: 'Processes hold different versions of a family',
  group: 'keys',
  rule:
    'The versions that live processes declare. One is usual, two during a deployment; each ' +
    'reads only what its own version has stored.',
  thresholds: {
    warn: 'more than two',
    crit:
      'another one than the youngest process has, when that started longer ago than the ' +
      'family keeps a value, and 10 minutes',
  },
  source: 'Our own (requirement A6)',
  needs: ['caches', 'nowMs'],
  commands: ['GET {NAMESPACE:0}:o:p:PROCESS'],
  remedy: {
    text: 'Finish the deployment, or restart the process that kept its code.',
    commands: [],
  },
  judge(facts) {
    const nowMs = facts.need('nowMs')
    return [...facts.need('caches').values()].flatMap((processes) => {
      const names = new Set(processes.flatMap(({ families }) => Object.keys(families)))
      return [...names].flatMap((name) => skewOf(name, processes, nowMs))
    })
  },
}

function skewOf(
  name: string,
  processes: readonly ProcessFacts[],
  nowMs: number,
): readonly Verdict[] {
  const holders = processes.filter(({ families }) => families[name] !== undefined)
  const youngest = holders.reduce((a, b) => (b.startedMs > a.startedMs ? b : a))
  const current = youngest.families[name]
  const live = new Set(holders.map(({ families }) => families[name]?.version))
  if (current === undefined || live.size < 2) return []
  const old = holders.filter(({ families }) => families[name]?.version !== current.version)
  const sinceMs = nowMs - youngest.startedMs
  const values = {
    versions: live.size,
    current: current.version,
    old: old.map(({ service, process }) => `${service}/${process}`).join(', '),
    sinceS: Math.round(sinceMs / 1_000),
  }
  const isLate = sinceMs > Math.max(current.maxStaleMs, deploymentMs)
  if (isLate) return [crit(values, { subject: name, cause: 'A process kept old code.' })]
  return live.size > versionsMax ? [warn(values, { subject: name })] : []
}

export const familyChecks: readonly Check[] = [foreign, versions]
