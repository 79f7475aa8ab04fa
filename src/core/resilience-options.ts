/** Breakers as they are configured, by name: those of families, and of what their sources ask. */
import { nearestName } from '../base/nearest-name.ts'
import { type BreakerOptions, type BreakerPolicy, resolveBreaker } from './breaker-policy.ts'
import { DEFAULTS } from './defaults.ts'
import { StaleproofError } from './errors.ts'
import { type Fields, fieldsOf, integerIn, invalid } from './option-checks.ts'
import type { ResolvedSource } from './resolved-source.ts'

/** How a breaker is called in `stats`, in events and by `configureBreaker`. */
export type BreakerName = `family:${string}` | `dependency:${string}` | `redis:${number}`

/** The way to Redis: it is tried by beats in the background, which no caller waits for. */
export interface RedisBreakerOptions {
  /** Steps that fail in a row before callers no longer wait for Redis. Default 3. */
  readonly consecutive?: number | undefined
}

/** By family and by dependency; the rest has the defaults. */
export interface ResilienceOptions<Name extends string = string> {
  readonly families?: { readonly [K in Name]?: BreakerOptions | undefined } | undefined
  /** Names that sources give as their `dependency`. */
  readonly dependencies?: Readonly<Record<string, BreakerOptions | undefined>> | undefined
  readonly redis?: RedisBreakerOptions | undefined
}

export interface ResolvedResilience {
  /** One for each family with a source, and one for each dependency that a source names. */
  readonly breakers: ReadonlyMap<BreakerName, BreakerPolicy>
  readonly redisFailures: number
}

const KNOWN = [
  'families',
  'dependencies',
  'redis',
] as const satisfies readonly (keyof ResilienceOptions)[]
const FAILURES_RANGE = { min: 1, max: 1_000_000 }

/** Throws `SP_OPTION_UNKNOWN` or `SP_OPTION_INVALID`. */
export function resilienceIn(
  where: string,
  { resilience = {} }: Fields,
  sources: ReadonlyMap<string, ResolvedSource>,
): ResolvedResilience {
  const outer = `${where} resilience`
  const fields = fieldsOf(outer, resilience, KNOWN)
  const named = [...sources.values()].map(({ rules }) => rules.dependency)
  const dependencies = named.filter((name) => name !== undefined)
  const breakers = new Map<BreakerName, BreakerPolicy>()
  const families = fieldsOf(`${outer} families`, fields.families ?? {}, [...sources.keys()])
  for (const name of sources.keys()) {
    breakers.set(
      `family:${name}`,
      resolveBreaker(`${outer} families.${name}`, families[name] ?? {}),
    )
  }
  const given = fieldsOf(`${outer} dependencies`, fields.dependencies ?? {}, dependencies)
  for (const name of dependencies) {
    const policy = resolveBreaker(`${outer} dependencies.${name}`, given[name] ?? {})
    breakers.set(`dependency:${name}`, policy)
  }
  return Object.freeze({ breakers, redisFailures: redisFailuresIn(`${outer} redis`, fields.redis) })
}

/** Steps in a row; the only thing that can be said of a breaker of Redis. */
export function redisFailuresIn(where: string, given: unknown): number {
  const fields = fieldsOf(where, given ?? {}, ['consecutive'])
  return integerIn(where, fields, 'consecutive', FAILURES_RANGE) ?? DEFAULTS.redisFailures.value
}

/** A breaker that this process doesn't have. */
export function noBreaker(name: unknown, known: readonly string[]): StaleproofError {
  if (typeof name !== 'string') return invalid('configureBreaker', 'name', 'a name', name)
  const nearest = nearestName(name, known)
  const expected = nearest === undefined ? `one of ${known.join(', ')}` : `'${nearest}'`
  const details = { expected, received: `'${name}'` }
  return new StaleproofError('SP_OPTION_UNKNOWN', `there is no breaker '${name}'`, details)
}
