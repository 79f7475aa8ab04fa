/** Options of sources that are asked one after the other, checked once. */
import type { Duration } from '../base/duration.ts'
import { type BreakerOptions, type BreakerPolicy, resolveBreaker } from '../core/breaker-policy.ts'
import {
  booleanIn,
  durationIn,
  type Fields,
  fieldsOf,
  functionIn,
  invalid,
  NAME_EXPECTED,
  nameIn,
} from '../core/option-checks.ts'
import type { Logger } from '../core/options.ts'
import type { Loaded, SourceContext } from '../core/source.ts'

/** One of several places to read from. */
export interface ReadSource<Id, V> {
  /** In logs, metrics and at the switch. */
  readonly name: string
  /** Aligned with `ids`; `undefined` for what it does not have: the next one is asked for that. */
  readonly many: (
    ids: readonly Id[],
    context: SourceContext,
  ) => readonly Loaded<V>[] | PromiseLike<readonly Loaded<V>[]>
  /** Longest time of a call. Default 2 s; all of them together have the load timeout. */
  readonly timeout?: Duration | undefined
  /** Default: opens after 3 failures in a row, for 5 s at first. */
  readonly breaker?: BreakerOptions | undefined
  /** False: switched off at first. Default true. */
  readonly enabled?: boolean | undefined
}

export interface FirstOfOptions<Id, V> {
  /** In logs and errors. */
  readonly name: string
  /** The best one first, and last the one that knows what does not exist; at most 16. */
  readonly sources: readonly ReadSource<Id, V>[]
  readonly log?: Logger | undefined
}

export interface ResolvedReadSource<Id, V> {
  readonly name: string
  readonly many: ReadSource<Id, V>['many']
  readonly timeoutMs: number
  readonly breaker: BreakerPolicy
  readonly isEnabled: boolean
}

export interface ResolvedFirstOf<Id, V> {
  readonly name: string
  readonly sources: readonly ResolvedReadSource<Id, V>[]
  readonly log: Logger | undefined
}

const KNOWN = ['name', 'sources', 'log']
const SOURCE_KNOWN = ['name', 'many', 'timeout', 'breaker', 'enabled']
const SOURCES_MAX = 16
const TIMEOUT_RANGE_MS = { min: 1, max: 3_600_000 }
const TIMEOUT_MS = 2_000
const BREAKER: BreakerOptions = { consecutive: 3 }

/** Throws `SP_OPTION_UNKNOWN` or `SP_OPTION_INVALID`. */
export function resolveFirstOf<Id, V>(given: FirstOfOptions<Id, V>): ResolvedFirstOf<Id, V> {
  const fields = fieldsOf('firstOf', given, KNOWN)
  const name = nameOf('firstOf', fields)
  const where = `sources '${name}'`
  const { sources } = given
  const isList = Array.isArray(sources) && sources.length > 0 && sources.length <= SOURCES_MAX
  if (!isList) throw invalid(where, 'sources', `a list of 1 to ${SOURCES_MAX} sources`, sources)
  const resolved = given.sources.map((source, place) => sourceOf(`${where}, ${place}`, source))
  const names = new Set(resolved.map((source) => source.name))
  if (names.size < resolved.length) throw invalid(where, 'name', 'a name for each', [...names])
  return Object.freeze({ name, sources: resolved, log: given.log })
}

function sourceOf<Id, V>(where: string, source: ReadSource<Id, V>): ResolvedReadSource<Id, V> {
  const fields = fieldsOf(where, source, SOURCE_KNOWN)
  const name = nameOf(where, fields)
  const many = functionIn(where, fields, 'many')
  if (many === undefined) throw invalid(where, 'many', 'a function', undefined)
  return Object.freeze({
    name,
    // Called as its method: what it is a method of may be an object of the author.
    many: (ids: readonly Id[], context: SourceContext) => source.many(ids, context),
    timeoutMs: durationIn(where, fields, 'timeout', TIMEOUT_RANGE_MS) ?? TIMEOUT_MS,
    breaker: resolveBreaker(`${where} breaker`, fields.breaker ?? BREAKER),
    isEnabled: booleanIn(where, fields, 'enabled') ?? true,
  })
}

function nameOf(where: string, fields: Fields): string {
  const name = nameIn(where, fields, 'name')
  if (name === undefined) throw invalid(where, 'name', NAME_EXPECTED, undefined)
  return name
}
