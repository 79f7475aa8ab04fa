/**
 * The options of a family, checked and resolved once. Inside nothing is optional and
 * durations are milliseconds. Functions of the author are wrapped so that what they
 * return is checked where it enters.
 */
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { DEFAULTS } from './defaults.ts'
import {
  type AuthorFunction,
  booleanIn,
  bytesIn,
  type Fields,
  fieldsOf,
  functionIn,
  invalid,
  ttlIn,
} from './option-checks.ts'
import { orderText } from './order.ts'
import { isStandardSchema } from './schema-like.ts'
import { SHAPE_VENDOR } from './shape.ts'
import { encodeTags } from './tag.ts'
import { parseTemplate } from './template-syntax.ts'

export interface FamilyRules {
  readonly schema: StandardSchemaV1
  /** False: the schema is a `shape`, which accepts everything. */
  readonly isChecked: boolean
  readonly ttlMs: number
  /** Undefined: absence is not remembered. */
  readonly negativeTtlMs: number | undefined
  /** Encoded tags without the implicit one, each once. Throws what the author's function throws. */
  readonly tagsOf: (value: unknown, id: unknown) => readonly string[]
  /** The order as 19 digits, or '' where the family has none. Throws `SP_ORDER_INVALID`. */
  readonly orderOf: (value: unknown) => string
  readonly isOrdered: boolean
  readonly isFrozen: boolean
  /** Values enter by `set` alone, in every process. */
  readonly isSetOnly: boolean
  readonly maxValueBytes: number
  /** What makes the version of the family, besides template, codec and schema. */
  readonly versionParts: readonly string[]
}

const KNOWN = [
  'value',
  'ttl',
  'negativeTtl',
  'tags',
  'order',
  'freeze',
  'versionOf',
  'maxValueBytes',
  'setOnly',
]

/** Without an order nothing would tell an older `set` from a newer one. */
function setOnlyIn(where: string, fields: Fields): boolean {
  const isSetOnly = booleanIn(where, fields, 'setOnly') ?? false
  if (!isSetOnly || fields.order !== undefined) return isSetOnly
  throw invalid(where, 'setOnly', "'order' beside it", fields.order)
}

/** Throws `SP_TEMPLATE_INVALID`, `SP_OPTION_UNKNOWN` or `SP_OPTION_INVALID`. */
export function resolveFamily(template: unknown, options: unknown): FamilyRules {
  const where = `family ${JSON.stringify(template)}`
  parseTemplate(template)
  const fields = fieldsOf(where, options, KNOWN)
  const schema = fields.value
  if (!isStandardSchema(schema)) {
    throw invalid(where, 'value', 'shape<T>() or a Standard Schema (zod, valibot, …)', schema)
  }
  const ttlMs = ttlIn(where, fields, 'ttl')
  if (ttlMs === undefined) throw invalid(where, 'ttl', "a duration such as '30s'", undefined)
  const order = functionIn(where, fields, 'order')
  const tags = functionIn(where, fields, 'tags')
  return Object.freeze({
    schema,
    isChecked: schema['~standard'].vendor !== SHAPE_VENDOR,
    ttlMs,
    negativeTtlMs: ttlIn(where, fields, 'negativeTtl'),
    tagsOf: tags === undefined ? () => [] : tagsBy(where, tags),
    orderOf: order === undefined ? () => '' : (value: unknown) => orderText(order(value)),
    isOrdered: order !== undefined,
    isSetOnly: setOnlyIn(where, fields),
    isFrozen: booleanIn(where, fields, 'freeze') ?? DEFAULTS.freeze.value,
    maxValueBytes: bytesIn(where, fields, 'maxValueBytes') ?? DEFAULTS.maxValueBytes.value,
    versionParts: Object.freeze([String(fields.tags), ...versionPartsOf(where, fields)]),
  })
}

function tagsBy(where: string, author: AuthorFunction): FamilyRules['tagsOf'] {
  return (value, id) => {
    const tags = id === undefined ? author(value) : author(value, id)
    if (!Array.isArray(tags)) throw invalid(where, 'tags', 'a function returning an array', tags)
    return encodeTags(where, tags)
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
