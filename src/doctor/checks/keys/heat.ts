/** KEY05: a key that everybody reads. */
import { type Check, info as note, ok, rounded, type Verdict } from '../../check.ts'
import type { Facts } from '../../facts.ts'
import type { SampledKey } from '../../key-sample.ts'
import { Missing } from '../../missing.ts'

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
    'the sample.',
  thresholds: {
    info: 'a sampled key with a frequency of 250 or more',
    warn: 'more than 5 % of the reads of all services',
    crit: 'more than 20 %',
  },
  source: 'Our own; redis-cli --hotkeys reads frequencies',
  needs: [],
  uses: ['sample'],
  commands: ['GET {NAMESPACE:0}:o:p:PROCESS', 'OBJECT FREQ key'],
  remedy: {
    text: 'Keep the family in the memory of the services; or spread the key over several.',
    commands: [],
  },
  judge(facts) {
    const published = publishedHeat(facts)
    const counted = countedHeat(facts)
    if (published === undefined && counted === undefined) {
      const reason = 'no process publishes what it reads, and the policy is not LFU'
      throw new Missing('moot', reason)
    }
    const verdicts = [...(published ?? []), ...(counted ?? [])]
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
    const share = count / total
    if (share <= 0.05) return []
    const status = share > 0.2 ? 'crit' : 'warn'
    return [{ status, values: { readsPercent: rounded(100 * share, 1) }, subject: key }]
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
