/** KEY05: a key that everybody reads. */
import { type Check, info as note, ok, rounded, type Verdict } from '../../check.ts'
import type { Facts } from '../../facts.ts'
import type { SampledKey } from '../../key-sample.ts'
import { Missing } from '../../missing.ts'
import { heatByKey, heatBySlot, heatLevel } from './server-heat.ts'

/** Of all services; fewer are no load. */
const readsMin = 1_000
/** Of 255: about a million reads by the usual decay. */
const hotFrequency = 250
/** Memory answers the rest, and Redis does not feel it. */
const coveredShare = 0.8

const hot: Check = {
  id: 'KEY05',
  title: 'A single key takes a large part of the reads',
  group: 'keys',
  rule:
    'The share of a key in all reads that the services publish, unless their memory answers ' +
    'four fifths of its family, from 1,000 reads on; under an LFU policy also OBJECT FREQ of ' +
    'the sample. What the server itself counts comes beside it, where a tenth of a core is busy: ' +
    'with --hotkeys a session of HOTKEYS of Redis 8.6 over the window, or one of somebody else ' +
    'that runs; and CLUSTER SLOT-STATS of Valkey 8, where a slot of one key is that key.',
  thresholds: {
    info:
      'a sampled key with a frequency of 250 or more; a slot of several keys with more than 20 % ' +
      'of the time of the server',
    warn: 'more than 5 % of the reads of all services, or of time or bytes of the server',
    crit: 'more than 20 %',
  },
  source: 'Our own; redis-cli --hotkeys reads frequencies',
  needs: [],
  uses: ['sample', 'hotKeys', 'slotUse'],
  commands: [
    'GET {NAMESPACE:0}:o:p:PROCESS',
    'OBJECT FREQ key',
    'HOTKEYS GET',
    'CLUSTER SLOT-STATS ORDERBY cpu-usec LIMIT 100 DESC',
  ],
  remedy: {
    text: 'Keep the family in the memory of the services; or spread the key over several.',
    commands: [],
  },
  judge(facts) {
    const all = [publishedHeat(facts), countedHeat(facts), heatByKey(facts), heatBySlot(facts)]
    const known = all.filter((verdicts) => verdicts !== undefined)
    if (known.length === 0) {
      const reason = 'no process publishes what it reads, and the server does not count it'
      throw new Missing('moot', reason)
    }
    const verdicts = known.flat()
    return verdicts.length > 0 ? verdicts : ok()
  },
}

/** Undefined: nobody counts. A replica counts only what is read from it. */
function countedHeat(facts: Facts): readonly Verdict[] | undefined {
  const sample = facts.find('sample')
  if (sample === undefined || sample.from === 'replica') return undefined
  const counted = sample.keys.filter(({ frequency }) => frequency !== undefined)
  return counted.length === 0 ? undefined : counted.flatMap(frequent)
}

function frequent({ name, frequency = 0 }: SampledKey): readonly Verdict[] {
  return frequency >= hotFrequency ? [note({ frequency }, { subject: name })] : []
}

/** Undefined: nobody publishes anything. */
function publishedHeat(facts: Facts): readonly Verdict[] | undefined {
  const processes = facts.find('processes')
  if (processes === undefined) return undefined
  const reads = new Map<string, number>()
  let total = 0
  for (const { usedKeys } of processes) {
    const [first] = usedKeys
    if (first !== undefined && first.share > 0) total += first.reads / first.share
    for (const used of usedKeys) {
      if (isCovered(facts, used.family)) continue
      reads.set(used.key, (reads.get(used.key) ?? 0) + used.reads - used.error)
    }
  }
  if (total < readsMin) return []
  return [...reads].flatMap(([key, count]) => {
    const readsPercent = rounded((100 * count) / total, 1)
    const status = heatLevel(readsPercent)
    return status === 'ok' ? [] : [{ status, values: { readsPercent }, subject: key }]
  })
}

function isCovered(facts: Facts, family: string): boolean {
  let memory = 0
  let all = 0
  for (const { stats } of facts.find('processes') ?? []) {
    const reads = stats.families[family]?.reads
    if (reads === undefined) continue
    memory += reads.memory
    all += Object.values(reads).reduce((sum, count) => sum + count, 0)
  }
  return all > 0 && memory / all >= coveredShare
}

export const heatChecks: readonly Check[] = [hot]
