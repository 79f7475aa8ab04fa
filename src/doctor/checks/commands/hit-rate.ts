/** CMD06, CMD07: a cache that misses too often, or is written and not read. */
import type { ProcessFacts } from '../../../observe/index.ts'
import { type Check, crit, info, rounded, type Verdict, warn } from '../../check.ts'
import type { Facts } from '../../facts.ts'
import { type FamilyTotals, familyTotals } from './family-totals.ts'

const lookupsMin = 100
const warnBelow = 0.7
const critBelow = 0.5
const writesMin = 1_000
const writesPerHitMax = 5

const hitRate: Check = {
  id: 'CMD06',
  group: 'commands',
  title: 'The hit rate is low',
  rule:
    'Hits of all lookups by family, as all live processes have counted them; where none ' +
    'publishes, keyspace_hits of INFO within the window, which counts locks, sessions and other ' +
    'users too. Judged from 100 lookups on.',
  thresholds: {
    info: 'either, while a process of the family has run for less than one TTL',
    warn: 'below 70 %, or below what the family declares',
    crit: 'below 50 %',
  },
  source: 'requirement F4',
  needs: ['info'],
  commands: ['INFO stats', 'staleproof stats'],
  remedy: {
    text: 'Lengthen the TTL, narrow the invalidations, or give Redis more memory: see the cause.',
    commands: ['staleproof explain KEY'],
  },
  judge: (facts) => {
    const processes = facts.find('processes')
    return processes === undefined ? ofServer(facts) : ofFamilies(processes, facts)
  },
}

function ofFamilies(processes: readonly ProcessFacts[], facts: Facts): readonly Verdict[] {
  return [...familyTotals(processes)].flatMap(([family, totals]) => {
    const { hits, misses, hitTarget } = totals
    const lookups = hits + misses
    const share = hits / lookups
    if (lookups < lookupsMin || share >= (hitTarget ?? warnBelow)) return []
    const values = { lookups, hitPercent: rounded(share * 100, 1) }
    const declared = hitTarget === undefined ? {} : { targetPercent: hitTarget * 100 }
    if (isCold(family, totals, processes)) {
      const cause = 'Cold: a process has run for less than one TTL of the family.'
      return [info({ ...values, ...declared }, { subject: family, cause })]
    }
    const level = share < critBelow ? crit : warn
    return [level({ ...values, ...declared }, { subject: family, cause: causeOf(totals, facts) })]
  })
}

function ofServer(facts: Facts): readonly Verdict[] {
  const window = facts.need('info')
  const [hits, misses] = [window.delta('keyspace_hits'), window.delta('keyspace_misses')]
  const lookups = hits + misses
  const share = hits / lookups
  if (lookups < lookupsMin || share >= warnBelow) return []
  const values = { lookups, hitPercent: rounded(share * 100, 1), windowS: window.windowS }
  const cause = 'Counted by the server: locks, sessions and other users are among the lookups.'
  return [share < critBelow ? crit(values, { cause }) : warn(values, { cause })]
}

/** The first read of each key has to miss. */
function isCold(
  family: string,
  { ttlMs = 0 }: FamilyTotals,
  processes: readonly ProcessFacts[],
): boolean {
  const readers = processes.filter(({ stats }) => stats.families[family] !== undefined)
  return readers.some(({ atMs, startedMs }) => atMs - startedMs < ttlMs)
}

function causeOf({ invalidations, misses, writes, hits }: FamilyTotals, facts: Facts): string {
  if ((facts.need('info').findDelta('evicted_keys') ?? 0) > 0) {
    return 'Redis evicts: values leave before they are read again.'
  }
  if (invalidations > misses / 2) return 'At least half of the misses follow an invalidation.'
  if (hits < writes / 2) return 'Most values are never read again.'
  return 'The TTL is shorter than the time between two reads.'
}

const neverRead: Check = {
  id: 'CMD07',
  group: 'commands',
  title: 'A family is written and hardly read',
  rule: 'Values put into the cache for each hit, by family, from 1,000 writes on.',
  thresholds: {
    info: 'more than 5 writes for a hit, of which most were set: it is told whoever reads it',
    warn: 'more than 5 writes for a hit',
  },
  source: 'our own',
  needs: ['processes'],
  commands: ['staleproof stats'],
  remedy: {
    text:
      'Do not cache it, or load it when it is asked for instead of ahead; invalidate it instead ' +
      'of setting it.',
    commands: ['staleproof stats'],
  },
  judge: (facts) =>
    [...familyTotals(facts.need('processes'))].flatMap(([family, { hits, writes, sets }]) => {
      if (writes < writesMin || writes <= hits * writesPerHitMax) return []
      const level = sets > writes / 2 ? info : warn
      return [level({ writes, sets, hits }, { subject: family })]
    }),
}

export const hitRateChecks: readonly Check[] = [hitRate, neverRead]
