/** The options of a family that say what happens around the end of a TTL (docs/refresh.md). */
import type { Duration } from '../base/duration.ts'
import { DEFAULTS } from './defaults.ts'
import { durationIn, type Fields, fieldsOf, invalid, ttlIn } from './option-checks.ts'

/** What happens around the end of a TTL. */
export interface RefreshOptions {
  /** For so long after the TTL the old value is served at once, while it is loaded anew. */
  readonly staleWhileRevalidate?: Duration
  /**
   * For so long after the TTL the old value is served where its source fails, is not asked
   * because its breaker is open, or takes longer than `softTimeout`.
   */
  readonly staleIfError?: Duration
  /**
   * No value is served that is older, counted from the start of its load, in no tier and by
   * no other option. Default: the longest TTL and the longer one of the two windows.
   */
  readonly maxStale?: Duration
  /** So long a caller waits for a load before it takes an old value; the load goes on. */
  readonly softTimeout?: Duration
  /** So long a load may take; that of the cache, or a declared `maxStale`, if it is shorter. */
  readonly loadTimeout?: Duration
  /**
   * Loads a value anew before its TTL has run out: the longer its load takes, the sooner.
   * `beta` scales how much; default 1.
   */
  readonly earlyRefresh?: true | { readonly beta?: number }
}

/** The same, resolved: nothing is optional, 0 is none. */
export interface RefreshRules {
  /** False: a value ends with its TTL, and nobody looks at the rest. */
  readonly isOn: boolean
  readonly staleMs: number
  readonly graceMs: number
  readonly maxStaleMs: number
  /** Infinity: none. */
  readonly softTimeoutMs: number
  /** Infinity: that of the cache. */
  readonly loadTimeoutMs: number
  /** 0: no early refresh. */
  readonly beta: number
}

export const refreshOptions = [
  'staleWhileRevalidate',
  'staleIfError',
  'maxStale',
  'softTimeout',
  'loadTimeout',
  'earlyRefresh',
] as const

const betaMax = 100

/** `longestTtlMs`: of all that the family may give. Throws `SP_OPTION_INVALID`. */
export function resolveRefresh(where: string, fields: Fields, longestTtlMs: number): RefreshRules {
  refuseSetOnly(where, fields)
  const staleMs = ttlIn(where, fields, 'staleWhileRevalidate') ?? 0
  const graceMs = ttlIn(where, fields, 'staleIfError') ?? 0
  const windowMs = Math.max(staleMs, graceMs)
  const maxStaleMs = ttlIn(where, fields, 'maxStale') ?? longestTtlMs + windowMs
  if (maxStaleMs < longestTtlMs) {
    const expected = `at least ${longestTtlMs} ms, the longest TTL of the family`
    throw invalid(where, 'maxStale', expected, fields.maxStale)
  }
  const softTimeoutMs = durationIn(where, fields, 'softTimeout') ?? Number.POSITIVE_INFINITY
  const givenLoadMs = durationIn(where, fields, 'loadTimeout') ?? Number.POSITIVE_INFINITY
  // What takes longer to load is too old when it comes.
  const loadTimeoutMs =
    fields.maxStale === undefined ? givenLoadMs : Math.min(givenLoadMs, maxStaleMs)
  if (fields.softTimeout !== undefined && windowMs === 0) {
    const expected = "'staleIfError' or 'staleWhileRevalidate' beside it"
    throw invalid(where, 'softTimeout', expected, fields.softTimeout)
  }
  if (fields.softTimeout !== undefined && softTimeoutMs >= loadTimeoutMs) {
    const expected = `less than ${loadTimeoutMs} ms, the load timeout`
    throw invalid(where, 'softTimeout', expected, fields.softTimeout)
  }
  const beta = betaIn(where, fields)
  const isOn = windowMs > 0 || beta > 0
  const times = { staleMs, graceMs, maxStaleMs, softTimeoutMs, loadTimeoutMs }
  return Object.freeze({ isOn, ...times, beta })
}

/** What enters by `set` alone can't be loaded anew. */
function refuseSetOnly(where: string, fields: Fields): void {
  if (fields.setOnly !== true) return
  const given = refreshOptions.find((name) => fields[name] !== undefined)
  if (given !== undefined) throw invalid(where, given, "nothing beside 'setOnly'", fields[given])
}

function betaIn(where: string, { earlyRefresh }: Fields): number {
  if (earlyRefresh === undefined) return 0
  if (earlyRefresh === true) return DEFAULTS.earlyRefreshBeta.value
  const inner = `${where} earlyRefresh`
  const { beta } = fieldsOf(inner, earlyRefresh, ['beta'])
  if (beta === undefined) return DEFAULTS.earlyRefreshBeta.value
  if (typeof beta === 'number' && beta > 0 && beta <= betaMax) return beta
  throw invalid(inner, 'beta', `a number above 0, at most ${betaMax}`, beta)
}
