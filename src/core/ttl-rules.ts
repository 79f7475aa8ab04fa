/** The options of a family that say how its TTL adapts (docs/refresh.md), and their checks. */
import type { Duration } from '../base/duration.ts'
import {
  type AuthorFunction,
  type Fields,
  fieldsOf,
  functionIn,
  invalid,
  ttlIn,
} from './option-checks.ts'

/** What makes the TTL of a value shorter or longer than the declared one. */
export interface AdaptiveTtlOptions<V> {
  /**
   * What is read in the last half of its life lives `extend` from then on, and never longer
   * than `maxStale`, which must be declared.
   */
  readonly access?: { readonly extend: Duration }
  /** For `for` after `activity(id)`, values of the key live `ttl`. */
  readonly activity?: { readonly ttl: Duration; readonly for: Duration }
  /**
   * `distance` tells how much a new value differs from the one it replaces. Where it is at
   * most `calm`, smoothed over several loads, values live `longest`; from `wild` on, `shortest`.
   */
  readonly volatility?: {
    readonly distance: (before: V, after: V) => number
    readonly calm: number
    readonly wild: number
    readonly longest: Duration
    readonly shortest: Duration
  }
}

export interface TtlRules {
  /** False: every value has the declared TTL. */
  readonly isAdaptive: boolean
  readonly ttlMs: number
  readonly negativeTtlMs: number | undefined
  readonly maxStaleMs: number
  readonly access: { readonly extendMs: number } | undefined
  readonly activity: { readonly ttlMs: number; readonly forMs: number } | undefined
  readonly volatility: VolatilityRules | undefined
}

export interface VolatilityRules {
  /** Throws `SP_OPTION_INVALID` where the author's function returns no distance. */
  readonly distance: (before: unknown, after: unknown) => number
  readonly calm: number
  readonly wild: number
  readonly longestMs: number
  readonly shortestMs: number
}

export type AdaptiveRules = Pick<TtlRules, 'isAdaptive' | 'access' | 'activity' | 'volatility'>

const activityMsMax = 86_400_000

/** Throws `SP_OPTION_INVALID`, `SP_OPTION_UNKNOWN`. */
export function resolveAdaptive(where: string, fields: Fields): AdaptiveRules {
  const { adaptiveTtl = {}, setOnly } = fields
  const inner = `${where} adaptiveTtl`
  const known = ['access', 'activity', 'volatility']
  const { access, activity, volatility } = fieldsOf(inner, adaptiveTtl, known)
  if (fields.adaptiveTtl !== undefined && setOnly === true) {
    throw invalid(where, 'adaptiveTtl', "nothing beside 'setOnly'", fields.adaptiveTtl)
  }
  if (access !== undefined && fields.maxStale === undefined) {
    throw invalid(inner, 'access', "'maxStale' beside 'adaptiveTtl'", access)
  }
  return {
    isAdaptive: [access, activity, volatility].some((rule) => rule !== undefined),
    access: access === undefined ? undefined : accessOf(`${inner} access`, access),
    activity: activity === undefined ? undefined : activityOf(`${inner} activity`, activity),
    volatility:
      volatility === undefined ? undefined : volatilityOf(`${inner} volatility`, volatility),
  }
}

function accessOf(where: string, given: unknown): NonNullable<TtlRules['access']> {
  return { extendMs: neededIn(where, fieldsOf(where, given, ['extend']), 'extend') }
}

function activityOf(where: string, given: unknown): NonNullable<TtlRules['activity']> {
  const fields = fieldsOf(where, given, ['ttl', 'for'])
  const forMs = neededIn(where, fields, 'for')
  if (forMs > activityMsMax) throw invalid(where, 'for', 'at most a day', fields.for)
  return { ttlMs: neededIn(where, fields, 'ttl'), forMs }
}

function volatilityOf(where: string, given: unknown): VolatilityRules {
  const fields = fieldsOf(where, given, ['distance', 'calm', 'wild', 'longest', 'shortest'])
  const author = functionIn(where, fields, 'distance')
  if (author === undefined) throw invalid(where, 'distance', 'a function', undefined)
  const calm = levelIn(where, fields, 'calm')
  const wild = levelIn(where, fields, 'wild')
  if (wild <= calm) throw invalid(where, 'wild', `more than ${calm}, which is calm`, wild)
  const longestMs = neededIn(where, fields, 'longest')
  const shortestMs = neededIn(where, fields, 'shortest')
  if (shortestMs > longestMs) {
    throw invalid(where, 'shortest', `at most ${longestMs} ms, the longest`, fields.shortest)
  }
  return { distance: distanceBy(where, author), calm, wild, longestMs, shortestMs }
}

function distanceBy(where: string, author: AuthorFunction): VolatilityRules['distance'] {
  return (before, after) => {
    const distance = author(before, after)
    if (typeof distance === 'number' && distance >= 0) return distance
    throw invalid(where, 'distance', 'a function returning a number from 0 up', distance)
  }
}

function neededIn(where: string, fields: Fields, name: string): number {
  const ms = ttlIn(where, fields, name)
  if (ms === undefined) throw invalid(where, name, "a duration such as '30s'", undefined)
  return ms
}

function levelIn(where: string, fields: Fields, name: string): number {
  const level = fields[name]
  if (typeof level === 'number' && level >= 0 && level < Number.POSITIVE_INFINITY) return level
  throw invalid(where, name, 'a number from 0 up', level)
}
