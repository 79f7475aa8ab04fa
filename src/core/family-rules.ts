/**
 * The options of a family, checked and resolved once. Inside nothing is optional and
 * durations are milliseconds. Functions of the author are wrapped so that what they
 * return is checked where it enters.
 */
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { type CodecRules, codecOptions, resolveCodec } from './codec-rules.ts'
import { DEFAULTS } from './defaults.ts'
import {
  type AuthorFunction,
  booleanIn,
  bytesIn,
  durationIn,
  type Fields,
  fieldsOf,
  functionIn,
  invalid,
  isFields,
  shareIn,
  ttlIn,
} from './option-checks.ts'
import { orderText } from './order.ts'
import { type RefreshRules, refreshOptions, resolveRefresh } from './refresh-rules.ts'
import { isStandardSchema } from './schema-like.ts'
import { SHAPE_VENDOR } from './shape.ts'
import { encodeTags } from './tag.ts'
import { type Parameter, parseTemplate } from './template-syntax.ts'
import { resolveAdaptive, type TtlRules } from './ttl-rules.ts'

export interface FamilyRules extends CodecRules {
  readonly schema: StandardSchemaV1
  /** False: the schema is a `shape`, which accepts everything. */
  readonly isChecked: boolean
  readonly ttlMs: number
  /** Undefined: absence is not remembered. */
  readonly negativeTtlMs: number | undefined
  /** How long an error of the source is remembered; 0: it is not. */
  readonly errorTtlMs: number
  /** What happens around the end of a TTL. */
  readonly refresh: RefreshRules
  /** How long values live. */
  readonly lives: TtlRules
  /** False: its values carry the implicit tag alone. */
  readonly isTagged: boolean
  /** Encoded tags that follow from the id, by `tagBy`. Throws `SP_OPTION_INVALID`. */
  readonly tagsById: (id: unknown) => readonly string[]
  /**
   * All encoded tags without the implicit one, each once. Throws what the author's function
   * throws.
   */
  readonly tagsOf: (value: unknown, id: unknown) => readonly string[]
  /** The order as 19 digits, or '' where the family has none. Throws `SP_ORDER_INVALID`. */
  readonly orderOf: (value: unknown) => string
  readonly isOrdered: boolean
  readonly isFrozen: boolean
  /** Values enter by `set` alone, in every process. */
  readonly isSetOnly: boolean
  /** How long the source lags; 0: not at all. */
  readonly settleMs: number
  readonly maxValueBytes: number
  /** The hit ratio that the author expects, from 0 to 1. */
  readonly hitTarget: number | undefined
  /** What makes the version of the family, besides template, codec and schema. */
  readonly versionParts: readonly string[]
}

const SETTLE_RANGE_MS = { min: 1, max: 600_000 }
const KNOWN = [
  'value',
  'ttl',
  'negativeTtl',
  'errorTtl',
  'tags',
  'tagBy',
  'order',
  'freeze',
  'versionOf',
  'maxValueBytes',
  'setOnly',
  'settle',
  'hitTarget',
  'adaptiveTtl',
  ...codecOptions,
  ...refreshOptions,
]

/** Without an order nothing would tell an older `set` from a newer one. */
function setOnlyIn(where: string, fields: Fields): boolean {
  const isSetOnly = booleanIn(where, fields, 'setOnly') ?? false
  if (!isSetOnly || fields.order !== undefined) return isSetOnly
  throw invalid(where, 'setOnly', "'order' beside it", fields.order)
}

/** What enters by `set` alone has no source that could lag. */
function settleIn(where: string, fields: Fields): number {
  const settleMs = durationIn(where, fields, 'settle', SETTLE_RANGE_MS) ?? 0
  if (settleMs === 0 || fields.setOnly !== true) return settleMs
  throw invalid(where, 'settle', "nothing beside 'setOnly'", fields.settle)
}

/** Throws `SP_TEMPLATE_INVALID`, `SP_OPTION_UNKNOWN` or `SP_OPTION_INVALID`. */
export function resolveFamily(template: unknown, options: unknown): FamilyRules {
  const where = `family ${JSON.stringify(template)}`
  const { parameters } = parseTemplate(template)
  const fields = fieldsOf(where, options, KNOWN)
  const schema = fields.value
  if (!isStandardSchema(schema)) {
    throw invalid(where, 'value', 'shape<T>() or a Standard Schema (zod, valibot, …)', schema)
  }
  const ttlMs = ttlIn(where, fields, 'ttl')
  if (ttlMs === undefined) throw invalid(where, 'ttl', "a duration such as '30s'", undefined)
  const negativeTtlMs = ttlIn(where, fields, 'negativeTtl')
  const adaptive = resolveAdaptive(where, fields)
  const longestMs = Math.max(ttlMs, negativeTtlMs ?? 0, adaptive.volatility?.longestMs ?? 0)
  const refresh = resolveRefresh(where, fields, longestMs)
  const { maxStaleMs } = refresh
  const order = functionIn(where, fields, 'order')
  const tags = functionIn(where, fields, 'tags')
  const tagBy = tagByIn(where, fields, parameters)
  const named = tagsNamed(tagBy, parameters.length)
  return Object.freeze({
    schema,
    isChecked: schema['~standard'].vendor !== SHAPE_VENDOR,
    ttlMs,
    negativeTtlMs,
    errorTtlMs: ttlIn(where, fields, 'errorTtl') ?? 0,
    refresh,
    lives: Object.freeze({ ttlMs, negativeTtlMs, maxStaleMs, ...adaptive }),
    isTagged: tags !== undefined || tagBy.length > 0,
    tagsById: (id: unknown) => encodeTags(where, named(id)),
    tagsOf: tagsBy(where, named, tags),
    orderOf: order === undefined ? () => '' : (value: unknown) => orderText(order(value)),
    isOrdered: order !== undefined,
    isSetOnly: setOnlyIn(where, fields),
    settleMs: settleIn(where, fields),
    ...resolveCodec(where, fields),
    isFrozen: booleanIn(where, fields, 'freeze') ?? DEFAULTS.freeze.value,
    maxValueBytes: bytesIn(where, fields, 'maxValueBytes') ?? DEFAULTS.maxValueBytes.value,
    hitTarget: shareIn(where, fields, 'hitTarget'),
    versionParts: Object.freeze([
      String(fields.tags),
      ...(tagBy.length > 0 ? [`tagBy ${tagBy.join()}`] : []),
      ...versionPartsOf(where, fields),
    ]),
  })
}

/** Names of parameters, each once. */
function tagByIn(
  where: string,
  { tagBy = [] }: Fields,
  parameters: readonly Parameter[],
): readonly string[] {
  const names = parameters.map(({ name }) => name)
  const isFit =
    Array.isArray(tagBy) && tagBy.every((name: unknown) => names.some((one) => one === name))
  if (isFit) return [...new Set(tagBy.map(String))]
  throw invalid(
    where,
    'tagBy',
    `an array of parameters: ${names.join(', ') || 'there are none'}`,
    tagBy,
  )
}

/** `name:value` of each; the id of a family with one parameter is the value itself. */
function tagsNamed(
  tagBy: readonly string[],
  parameterCount: number,
): (id: unknown) => readonly string[] {
  return (id) =>
    tagBy.map((name) => {
      const value: unknown = parameterCount > 1 && isFields(id) ? id[name] : id
      return `${name}:${String(value)}`
    })
}

function tagsBy(
  where: string,
  named: (id: unknown) => readonly string[],
  author: AuthorFunction | undefined,
): FamilyRules['tagsOf'] {
  return (value, id) => {
    if (author === undefined) return encodeTags(where, named(id))
    const tags = id === undefined ? author(value) : author(value, id)
    if (!Array.isArray(tags)) throw invalid(where, 'tags', 'a function returning an array', tags)
    return encodeTags(where, [...named(id), ...tags])
  }
}

function versionPartsOf(where: string, fields: Fields): readonly string[] {
  const parts = fields.versionOf ?? []
  if (!Array.isArray(parts)) throw invalid(where, 'versionOf', 'an array', parts)
  return parts.map((part: unknown) => {
    if (part === null || typeof part === 'object' || typeof part === 'symbol') {
      throw invalid(where, 'versionOf', 'texts, numbers, booleans or functions', part)
    }
    return String(part)
  })
}
