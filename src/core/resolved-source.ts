/** Checks and resolves the sources of `openCache`. */
import type { Catalog, Families } from './catalog.ts'
import { DEFAULTS } from './defaults.ts'
import { StaleproofError } from './errors.ts'
import {
  type AuthorFunction,
  booleanIn,
  type Fields,
  fieldsOf,
  functionIn,
  integerIn,
  invalid,
  isFields,
} from './option-checks.ts'
import { resolveSourceRules, type SourceRules, sourceOptions } from './source-rules.ts'

/** One of `single` and `many` is there. Wrapped so that what comes back is `unknown`. */
export interface ResolvedSource {
  readonly single: AuthorFunction | undefined
  readonly many: AuthorFunction | undefined
  /** Most distinct ids in one call of `many`. */
  readonly maxBatch: number
  /** Single reads of one tick share a call of `many`. */
  readonly gathers: boolean
  readonly rules: SourceRules
}

const BATCH_RANGE = { min: 1, max: 10_000 }
const KNOWN = ['one', 'many', 'maxBatch', 'gather', ...sourceOptions]

/** By family. Throws `SP_OPTION_UNKNOWN` or `SP_OPTION_INVALID`. */
export function sourcesIn<F extends Families>(
  where: string,
  catalog: Catalog<F>,
  { sources }: Fields,
): ReadonlyMap<string, ResolvedSource> {
  const known = [...catalog.compiled.keys()]
  const resolved = new Map<string, ResolvedSource>()
  for (const [name, source] of Object.entries(fieldsOf(`${where} sources`, sources ?? {}, known))) {
    if (source !== undefined && catalog.compiled.get(name)?.rules.isSetOnly) {
      throw invalid(where, `sources.${name}`, 'no source, because the family is setOnly', source)
    }
    const isKeyed = (catalog.compiled.get(name)?.template.parameters.length ?? 0) > 0
    if (source !== undefined) resolved.set(name, sourceOf(where, { name, source, isKeyed }))
  }
  return resolved
}

interface Given {
  readonly name: string
  readonly source: unknown
  readonly isKeyed: boolean
}

function sourceOf(outer: string, { name, source, isKeyed }: Given): ResolvedSource {
  const where = `${outer} source of '${name}'`
  const fields = typeof source === 'function' ? { one: source } : fieldsOfSource(where, source)
  const self = typeof source === 'function' ? undefined : source
  const single = functionIn(where, fields, 'one', self)
  const many = functionIn(where, fields, 'many', self)
  if (single === undefined && many === undefined) {
    throw invalid(where, 'many', "a function, or 'one' instead of it", undefined)
  }
  if (single !== undefined && many !== undefined) {
    throw invalid(where, 'many', "nothing beside 'one'", fields.many)
  }
  if (many !== undefined && !isKeyed) {
    throw new StaleproofError('SP_OPTION_INVALID', `${where}: it has no ids to load many of`, {
      family: name,
      expected: 'a function',
      received: '{ many }',
    })
  }
  if (many === undefined && fields.maxBatch !== undefined) {
    throw invalid(where, 'maxBatch', "'many' beside it", fields.maxBatch)
  }
  if (many === undefined && fields.gather !== undefined) {
    throw invalid(where, 'gather', "'many' beside it", fields.gather)
  }
  return Object.freeze({
    single,
    many,
    maxBatch: integerIn(where, fields, 'maxBatch', BATCH_RANGE) ?? DEFAULTS.maxBatch.value,
    gathers: many !== undefined && (booleanIn(where, fields, 'gather') ?? DEFAULTS.gather.value),
    rules: resolveSourceRules(where, fields),
  })
}

/** An instance of a class may have fields of its own; in a literal they are mistakes. */
function fieldsOfSource(where: string, source: unknown): Fields {
  const isInstance = isFields(source) && Object.getPrototypeOf(source) !== Object.prototype
  return isInstance ? source : fieldsOf(where, source, KNOWN)
}
