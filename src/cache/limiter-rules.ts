/** Checks the options of `limiter` and resolves them. */
import { encodePercent } from '../base/percent.ts'
import { DEFAULTS } from '../core/defaults.ts'
import { durationIn, type Fields, fieldsOf, integerIn, invalid } from '../core/option-checks.ts'
import type { LimiterOptions } from '../core/rate-limit.ts'
import type { Quota } from '../core/token-bucket.ts'

export interface LimiterRules extends Quota {
  /** Encoded. */
  readonly name: string
  /** Tokens of a full bucket. */
  readonly burst: number
  readonly scope: NonNullable<LimiterOptions['scope']>
  readonly whenRedisIsDown: NonNullable<LimiterOptions['whenRedisIsDown']>
}

const where = 'limiter'
const known = ['rate', 'per', 'burst', 'scope', 'whenRedisIsDown'] as const
/** Characters of a name or a client, before they are encoded. */
const nameMax = 200
const rateRange = { min: 1, max: 1_000_000 }
const perRangeMs = { min: 1, max: 86_400_000 }
/** Rounding an interval up to a microsecond takes less than a hundredth off such a rate. */
const ratePerMsMax = 10
/** In which an empty bucket is full; sums of times stay exact. */
const fillMsMax = 30 * 86_400_000
const scopes = ['shared', 'process'] as const
const policies = ['local', 'allow', 'refuse'] as const

/** Throws `SP_OPTION_UNKNOWN` or `SP_OPTION_INVALID`. */
export function limiterRules(name: unknown, options: unknown): LimiterRules {
  const fields = fieldsOf(where, options, known)
  const rate = integerIn(where, fields, 'rate', rateRange)
  const perMs = durationIn(where, fields, 'per', perRangeMs)
  if (rate === undefined) throw invalid(where, 'rate', 'how many tokens come back', undefined)
  if (perMs === undefined) throw invalid(where, 'per', "a duration such as '1s'", undefined)
  if (rate > ratePerMsMax * perMs) throw invalid(where, 'rate', 'at most 10,000 a second', rate)
  // Rounded up: a quota is never exceeded.
  const intervalMicros = Math.ceil((perMs * 1_000) / rate)
  const burst = integerIn(where, fields, 'burst', rateRange) ?? rate
  const capacityMicros = burst * intervalMicros
  if (capacityMicros > fillMsMax * 1_000) {
    throw invalid(where, 'burst', 'as many as come back within 30 days', burst)
  }
  const scope = oneIn(fields, 'scope', scopes) ?? DEFAULTS.limiterScope.value
  const whenRedisIsDown =
    oneIn(fields, 'whenRedisIsDown', policies) ?? DEFAULTS.limiterWithoutRedis.value
  const words = { name: encodedName('name', name), scope, whenRedisIsDown }
  return Object.freeze({ ...words, burst, intervalMicros, capacityMicros })
}

/** Escaped, so that no name can look like that of another bucket. */
export function encodedName(what: 'name' | 'client', name: unknown): string {
  const text = Number.isSafeInteger(name) && what === 'client' ? String(name) : name
  const isFitting = typeof text === 'string' && text !== '' && text.length <= nameMax
  const encoded = isFitting ? encodePercent(text) : undefined
  if (encoded !== undefined) return encoded
  const expected = `well-formed text of 1 to ${nameMax} characters`
  throw invalid(where, what, what === 'name' ? expected : `${expected}, or an integer`, name)
}

/** In words, to tell two declarations of one name apart. */
export function rulesInWords(rules: LimiterRules): string {
  const { intervalMicros, burst, scope, whenRedisIsDown } = rules
  return `a token in ${intervalMicros} µs, ${burst} at once, ${scope}, ${whenRedisIsDown}`
}

function oneIn<T extends string>(fields: Fields, name: string, words: readonly T[]): T | undefined {
  const value = fields[name]
  if (value === undefined) return undefined
  const found = words.find((word) => word === value)
  if (found !== undefined) return found
  throw invalid(where, name, words.map((word) => `'${word}'`).join(' or '), value)
}
