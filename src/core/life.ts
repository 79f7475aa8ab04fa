/**
 * The life of a value, in milliseconds since the start of its load:
 *
 *   load ──────────── soft ──────────────── life
 *     fresh │ (early)   │ stale  │ grace      │ over
 *
 * Stale: served at once while it is loaded anew. Grace: served where the load fails, or is
 * slow. Over: served by nobody. Whatever the options and the writer of a slot say, nothing is
 * served beyond `maxStale`. How the three ends follow from the TTL is said here alone.
 */
import type { RefreshRules } from './refresh-rules.ts'

export interface Life {
  /** The TTL: fresh until then. */
  readonly softMs: number
  /** May be served at all until then. */
  readonly lifeMs: number
}

export type Phase = 'fresh' | 'stale' | 'grace' | 'over'

/** "Does not exist" has no windows: it is remembered for its own TTL and no longer. */
export function lifeOf(rules: RefreshRules, ttlMs: number, isAbsent: boolean): Life {
  const softMs = Math.min(ttlMs, rules.maxStaleMs)
  if (isAbsent) return { softMs, lifeMs: softMs }
  const windowMs = Math.max(rules.staleMs, rules.graceMs)
  return { softMs, lifeMs: Math.min(softMs + windowMs, rules.maxStaleMs) }
}

/** A life with a shorter TTL; it never becomes longer. */
export function shortened(rules: RefreshRules, life: Life, ttlMs: number): Life {
  if (ttlMs >= life.softMs) return life
  const { softMs, lifeMs } = lifeOf(rules, ttlMs, false)
  return { softMs, lifeMs: Math.min(lifeMs, life.lifeMs) }
}

/** A life whose TTL runs `extendMs` from this age on, if that is later than it would end. */
export function extended(
  rules: RefreshRules,
  life: Life,
  { ageMs, extendMs }: { readonly ageMs: number; readonly extendMs: number },
): Life {
  const softMs = Math.min(ageMs + extendMs, rules.maxStaleMs)
  return softMs <= life.softMs ? life : lifeOf(rules, softMs, false)
}

export function phaseOf(rules: RefreshRules, { softMs, lifeMs }: Life, ageMs: number): Phase {
  if (ageMs >= lifeMs || ageMs >= rules.maxStaleMs) return 'over'
  if (ageMs < softMs) return 'fresh'
  if (ageMs < softMs + rules.staleMs) return 'stale'
  return ageMs < softMs + rules.graceMs ? 'grace' : 'over'
}

/**
 * The age at which a value is loaded anew although it is fresh, so that readers of a value
 * that is slow to load do not meet its end together (XFetch, VLDB 2015). One draw for a value
 * and process: the more processes read it, the sooner the first one begins.
 */
export function earlyMsOf(
  { beta }: RefreshRules,
  { softMs }: Life,
  { loadMs, unit }: { readonly loadMs: number; readonly unit: number },
): number {
  if (beta === 0) return softMs
  return Math.max(0, softMs + loadMs * beta * Math.log(1 - unit))
}
