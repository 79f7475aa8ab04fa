/**
 * When a breaker opens and how it closes again (docs/resilience.md): the options of authors,
 * and the same checked and resolved.
 */
import type { Duration } from '../base/duration.ts'
import { DEFAULTS } from './defaults.ts'
import { durationIn, type Fields, fieldsOf, integerIn, invalid } from './option-checks.ts'

interface OpenOptions {
  /** How long it is open the first time; doubled each time that its trials fail. Default 5 s. */
  readonly openFor?: Duration | undefined
  /** The longest that it is open before it is tried again. Default 60 s, or `openFor`. */
  readonly openForMost?: Duration | undefined
  /** Calls let through half-open, at most at a time, that must all succeed. Default 3. */
  readonly trials?: number | undefined
}

/** After a share of failures in a window, or after some in a row. */
export type BreakerOptions = OpenOptions &
  (
    | {
        /** Opens after so many failures in a row. */
        readonly consecutive: number
        readonly failureRate?: undefined
        readonly window?: undefined
        readonly minCalls?: undefined
      }
    | {
        readonly consecutive?: undefined
        /** Opens when such a share of calls has failed, above 0 to 1. Default 0.5. */
        readonly failureRate?: number | undefined
        /** Calls are looked at for so long. Default 10 s. */
        readonly window?: Duration | undefined
        /** Fewer calls in the window say nothing. Default 20. */
        readonly minCalls?: number | undefined
      }
  )

export type BreakerThreshold =
  | { readonly kind: 'row'; readonly failures: number }
  | {
      readonly kind: 'rate'
      readonly share: number
      readonly windowMs: number
      readonly callsMin: number
    }

export interface BreakerPolicy {
  readonly threshold: BreakerThreshold
  readonly openMs: number
  readonly openMsMost: number
  readonly trials: number
}

const KNOWN = [
  'consecutive',
  'failureRate',
  'window',
  'minCalls',
  'openFor',
  'openForMost',
  'trials',
] as const satisfies readonly (keyof BreakerOptions)[]
const COUNT_RANGE = { min: 1, max: 1_000_000 }
const TRIALS_RANGE = { min: 1, max: 1_000 }
const OPEN_RANGE_MS = { min: 10, max: 3_600_000 }
const WINDOW_RANGE_MS = { min: 100, max: 3_600_000 }

/** Throws `SP_OPTION_UNKNOWN` or `SP_OPTION_INVALID`. */
export function resolveBreaker(where: string, given: unknown): BreakerPolicy {
  const fields = fieldsOf(where, given, KNOWN)
  const openMs = durationIn(where, fields, 'openFor', OPEN_RANGE_MS) ?? DEFAULTS.breakerOpenMs.value
  const mostMs = durationIn(where, fields, 'openForMost', OPEN_RANGE_MS)
  if (mostMs !== undefined && mostMs < openMs) {
    throw invalid(where, 'openForMost', `at least ${openMs} ms, the first time`, fields.openForMost)
  }
  return Object.freeze({
    threshold: Object.freeze(thresholdIn(where, fields)),
    openMs,
    openMsMost: mostMs ?? Math.max(openMs, DEFAULTS.breakerOpenMsMost.value),
    trials: integerIn(where, fields, 'trials', TRIALS_RANGE) ?? DEFAULTS.breakerTrials.value,
  })
}

function thresholdIn(where: string, fields: Fields): BreakerThreshold {
  const failures = integerIn(where, fields, 'consecutive', COUNT_RANGE)
  if (failures !== undefined) {
    for (const name of ['failureRate', 'window', 'minCalls']) {
      const value = fields[name]
      if (value !== undefined) throw invalid(where, name, "nothing beside 'consecutive'", value)
    }
    return { kind: 'row', failures }
  }
  const windowMs = durationIn(where, fields, 'window', WINDOW_RANGE_MS)
  return {
    kind: 'rate',
    share: shareIn(where, fields),
    windowMs: windowMs ?? DEFAULTS.breakerWindowMs.value,
    callsMin: integerIn(where, fields, 'minCalls', COUNT_RANGE) ?? DEFAULTS.breakerMinCalls.value,
  }
}

function shareIn(where: string, { failureRate }: Fields): number {
  if (failureRate === undefined) return DEFAULTS.breakerFailureRate.value
  if (typeof failureRate === 'number' && failureRate > 0 && failureRate <= 1) return failureRate
  throw invalid(where, 'failureRate', 'a number above 0, at most 1', failureRate)
}
