/**
 * How long a value lives, and why (docs/refresh.md, Adaptive TTL). Each rule takes the TTL
 * that the one before it left, in this order:
 *
 *   declared ─▶ volatility ─▶ activity ─▶ jitter ─▶ maxStale
 *
 * Volatility puts another TTL in the place of the declared one, the others only shorten it.
 * What is read late in its life is extended afterwards (`extended` in `life.ts`).
 */
import type { TtlRules } from './ttl-rules.ts'

/** What a TTL follows from. */
export type TtlRule =
  | 'ttl'
  | 'negativeTtl'
  /** How much the value differs from those it replaced. */
  | 'volatility'
  /** Its key is marked by `activity`. */
  | 'activity'
  /** A random part is taken off, so that what was stored together ends apart. */
  | 'jitter'
  /** It was read in the last half of its life. */
  | 'access'
  | 'maxStale'
  /** The process that stored it has decided. */
  | 'stored'

/** A rule, and what the TTL was after it. */
export interface TtlStep {
  readonly rule: TtlRule
  readonly ms: number
}

/** The TTL of a value from the start of its load, and the steps that led to it. */
export interface Ttl {
  readonly ms: number
  readonly because: readonly TtlStep[]
}

export interface TtlFacts {
  readonly isAbsent: boolean
  readonly isHot: boolean
  /** How much the values of the key have changed lately; undefined: nobody knows. */
  readonly unrest: number | undefined
  /** From [0, 1), for the jitter. */
  readonly unit: number
}

/** Lives are shortened by up to this share. */
export const jitterShare = 0.1

export function ttlOf(rules: TtlRules, facts: TtlFacts): Ttl {
  const because: TtlStep[] = []
  return { ms: ttlMsOf(rules, facts, because), because }
}

/** The same; the steps are added where somebody wants to know them. */
export function ttlMsOf(rules: TtlRules, facts: TtlFacts, because?: TtlStep[]): number {
  let ms = facts.isAbsent
    ? step(because, 'negativeTtl', rules.negativeTtlMs ?? 0)
    : step(because, 'ttl', rules.ttlMs)
  if (!facts.isAbsent && rules.volatility !== undefined && facts.unrest !== undefined) {
    ms = step(because, 'volatility', calmTtlMs(rules.volatility, facts.unrest))
  }
  if (facts.isHot && rules.activity !== undefined && rules.activity.ttlMs < ms) {
    ms = step(because, 'activity', rules.activity.ttlMs)
  }
  ms = step(because, 'jitter', Math.floor(ms * (1 - jitterShare * facts.unit)))
  if (ms > rules.maxStaleMs) ms = step(because, 'maxStale', rules.maxStaleMs)
  return ms
}

function step(because: TtlStep[] | undefined, rule: TtlRule, ms: number): number {
  because?.push({ rule, ms })
  return ms
}

/** The longest at or below `calm`, the shortest at or above `wild`, in even ratios between. */
function calmTtlMs(
  { calm, wild, longestMs, shortestMs }: NonNullable<TtlRules['volatility']>,
  unrest: number,
): number {
  const share = Math.min(1, Math.max(0, (unrest - calm) / (wild - calm)))
  return Math.round(longestMs * (shortestMs / longestMs) ** share)
}

/** Weight of the newest difference among those before it. */
const newestShare = 0.3

/** The unrest of a key after one more difference; exponentially smoothed. */
export function smoothed(unrest: number | undefined, distance: number): number {
  return unrest === undefined ? distance : unrest + newestShare * (distance - unrest)
}
