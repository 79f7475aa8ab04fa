/** Sampled keys by family: the declared one, or what they look like. */
import { type KeyPattern, PatternMiner } from './key-pattern.ts'
import type { KeySample, SampledKey } from './key-sample.ts'
import type { RegisteredFamily, Registry } from './registry.ts'

export interface KeyGroup {
  /** Name of the family, or the pattern. */
  readonly label: string
  /** Undefined: nobody declared it. */
  readonly family: RegisteredFamily | undefined
  readonly pattern: KeyPattern
  readonly keys: readonly SampledKey[]
  readonly bytes: number
}

type GrowingGroup = { -readonly [F in keyof KeyGroup]: KeyGroup[F] } & { keys: SampledKey[] }

/** What a cache keeps beside its slots is in no group; the largest group comes first. */
export function groupKeys(sample: KeySample, registry: Registry | undefined): readonly KeyGroup[] {
  const keys = sample.keys.filter(({ role }) => role !== 'own')
  const miner = new PatternMiner(keys.map(({ text }) => text))
  const groups = new Map<string, GrowingGroup>()
  for (const key of keys) {
    const family = registry?.familyOf(key.text)
    const pattern = miner.patternOf(key.text)
    const label = family?.name ?? pattern.text
    const group = groups.get(label) ?? { label, family, pattern, keys: [], bytes: 0 }
    group.keys.push(key)
    group.bytes += key.bytes
    groups.set(label, group)
  }
  return [...groups.values()].sort((left, right) => right.keys.length - left.keys.length)
}

/** `user:{int} 1,200, api:{text} 7`: the first of them. */
export function listed(groups: readonly KeyGroup[], count: (group: KeyGroup) => number): string {
  const told = groups.slice(0, 5).map((group) => `${group.label} ${count(group)}`)
  const rest = groups.length - told.length
  return rest > 0 ? `${told.join(', ')} and ${rest} more` : told.join(', ')
}
