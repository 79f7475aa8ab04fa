/** KEY01 to KEY03, KEY12: keys that never end, too late, together, or are not removed. */
import { type Check, crit, levelOf, ok, rounded, type Verdict, warn } from '../../check.ts'
import { type KeyGroup, listed } from '../../key-groups.ts'
import type { KeySample, SampledKey } from '../../key-sample.ts'
import { sampleOf } from '../../wilson.ts'
import { isDurable } from '../memory/eviction.ts'

/** Fewer are no evidence of a habit. */
const keysMin = 20
/** Leases and quarantines of a slot have times of their own. */
const shortestBoundMs = 60_000
const secondMs = 1_000

const withoutTtl: Check = {
  id: 'KEY01',
  title: 'Keys have no TTL',
  group: 'keys',
  rule:
    'How many keys never expire: exactly by INFO keyspace, and by family in the sample ' +
    '(PTTL -1). Streams, queues and locks are left out, and what a cache of this library keeps ' +
    'beside its slots. A share counts by the lower end of its interval.',
  thresholds: {
    warn: 'more than 5 % of the keys of no declared family',
    crit: 'more than 20 % of them, or any key of a declared family',
  },
  source: 'Our own (requirement A5); redis_exporter counts them',
  needs: ['info'],
  uses: ['sample'],
  commands: ['INFO keyspace', 'SCAN', 'PTTL key'],
  remedy: {
    text:
      'Write every key with its TTL in one command; a family of this cache always does. Give ' +
      'those that are there one.',
    commands: ['SET key value EX 300', 'EXPIRE key 300 NX'],
  },
  judge(facts) {
    const { keys, expires } = facts.need('info').keyCounts()
    const exact = { keys, withoutTtl: keys - expires }
    const sample = facts.find('sample')
    if (sample === undefined) return countedOnly(exact)
    const groups = facts.keyGroups()
    const declared = groups.filter(({ family }) => family !== undefined)
    const free = groups.filter(({ family }) => family === undefined)
    return [...declared.flatMap(declaredWithout), undeclaredWithout(free, sample, exact)]
  },
}

/** Where keys could not be sampled; what they are for can't be told then. */
function countedOnly(exact: { readonly keys: number; readonly withoutTtl: number }): Verdict {
  const share = exact.keys === 0 ? 0 : exact.withoutTtl / exact.keys
  const isFew = exact.withoutTtl < keysMin
  return { status: isFew ? 'ok' : levelOf(share, { warn: 0.05, crit: 0.2 }), values: exact }
}

function declaredWithout({ label, keys }: KeyGroup): readonly Verdict[] {
  const endless = keys.filter(({ ttlMs }) => ttlMs === undefined)
  const [first] = endless
  if (first === undefined) return []
  const values = { withoutTtl: endless.length, sampled: keys.length, example: first.name }
  const cause = 'Somebody writes keys of this family without the library.'
  return [crit(values, { subject: label, title: 'Keys of a family have no TTL', cause })]
}

function undeclaredWithout(
  groups: readonly KeyGroup[],
  sample: KeySample,
  exact: { readonly keys: number; readonly withoutTtl: number },
): Verdict {
  const without = ({ keys }: KeyGroup): number => keys.filter(isEndless).length
  const hits = groups.reduce((sum, group) => sum + without(group), 0)
  const share = sampleOf(hits, sample.keys.length, sample.total)
  const estimate = share.share * share.of
  const level = estimate < keysMin ? 'ok' : levelOf(share.low, { warn: 0.05, crit: 0.2 })
  const worst = groups.filter((group) => without(group) > 0)
  worst.sort((left, right) => without(right) - without(left))
  const families = listed(worst, without)
  return { status: level, values: { ...exact, ...(families && { families }) }, sample: share }
}

function isEndless(key: SampledKey): boolean {
  return key.ttlMs === undefined && !isDurable(key)
}

const tooLong: Check = {
  id: 'KEY02',
  title: 'Keys live longer than their family declares',
  group: 'keys',
  rule:
    'PTTL of sampled keys against the longest time that their family serves a value. A slot ' +
    'may always hold a lease or a quarantine for up to a minute.',
  thresholds: { crit: 'a key with more than 110 % of it' },
  source: 'Our own (requirement A2, A4)',
  needs: ['sample', 'registry'],
  commands: ['PTTL key'],
  remedy: {
    text: 'Find who writes the keys without the library, or with an older catalog.',
    commands: ['CLIENT LIST'],
  },
  judge(facts) {
    return facts.keyGroups().flatMap(overBound)
  },
}

function overBound({ label, family, keys }: KeyGroup): readonly Verdict[] {
  if (family === undefined) return []
  const boundMs = Math.max(1.1 * family.maxStaleMs, shortestBoundMs)
  const over = keys.filter(({ ttlMs }) => ttlMs !== undefined && ttlMs > boundMs)
  const [first] = over
  if (first?.ttlMs === undefined) return []
  const values = {
    keys: over.length,
    sampled: keys.length,
    declaredMs: family.maxStaleMs,
    exampleMs: first.ttlMs,
    example: first.name,
  }
  return [crit(values, { subject: label })]
}

const cliff: Check = {
  id: 'KEY03',
  title: 'Many keys expire in the same second',
  group: 'keys',
  rule:
    'For each family with keys of several TTLs: the second in which most of its sampled keys ' +
    'expire, against an even spread over its longest TTL. At least 20 keys in that second.',
  thresholds: {
    warn: 'more than 5 times the even share and more than 1 % of the keys',
    crit: 'so, and more than 10 % of them',
  },
  source: 'Our own (requirement C5)',
  needs: ['sample'],
  commands: ['PTTL key'],
  remedy: {
    text:
      'What is written together must not end together: take a random part off each TTL. ' +
      'Families of this cache do so.',
    commands: [],
  },
  judge(facts) {
    const { keys, total } = facts.need('sample')
    // Of the family there are as many as its part of the sample says.
    const scale = Math.max(total, keys.length) / Math.max(1, keys.length)
    return facts.keyGroups().flatMap((group) => cliffOf(group, scale))
  },
}

function cliffOf({ label, keys }: KeyGroup, scale: number): readonly Verdict[] {
  const seconds = keys.flatMap(({ endsMs }) =>
    endsMs === undefined ? [] : [Math.floor(endsMs / secondMs)],
  )
  const bins = new Map<number, number>()
  for (const second of seconds) bins.set(second, (bins.get(second) ?? 0) + 1)
  const [second, most] = [...bins].reduce((a, b) => (b[1] > a[1] ? b : a), [0, 0])
  const share = most / Math.max(1, seconds.length)
  const last = seconds.reduce((a, b) => Math.max(a, b), 0)
  const even = 1 / (last + 1)
  if (most < keysMin || share <= 5 * even || share <= 0.01) return []
  const values = {
    keysInSecond: most,
    inS: second,
    percent: rounded(100 * share, 1),
    evenPercent: rounded(100 * even, 2),
  }
  const of = Math.round(seconds.length * scale)
  const details = { subject: label, sample: sampleOf(most, seconds.length, of) }
  return [share > 0.1 ? crit(values, details) : warn(values, details)]
}

const expiryLag: Check = {
  id: 'KEY12',
  title: 'Expired keys are not removed in time',
  group: 'keys',
  rule: '`expired_stale_perc`, and how often removing ran out of its time within the window.',
  thresholds: { warn: 'more than 10 %, or 3 times within the window' },
  source: 'redis_exporter shows the numbers; the rule is ours',
  needs: ['info'],
  commands: ['INFO stats'],
  remedy: {
    text: 'Spread TTLs (KEY03), and let the server look for expired keys more often.',
    commands: ['CONFIG SET active-expire-effort 3'],
  },
  judge(facts) {
    const info = facts.need('info')
    const stalePercent = info.number('expired_stale_perc')
    const capReached = info.findDelta('expired_time_cap_reached_count') ?? 0
    const values = { stalePercent, capReached }
    return stalePercent > 10 || capReached >= 3 ? warn(values) : ok(values)
  },
}

export const ttlChecks: readonly Check[] = [withoutTtl, tooLong, cliff, expiryLag]
