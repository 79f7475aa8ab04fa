/**
 * The catalog: the shared declaration of all families. It refuses what could not work
 * (names of methods, templates that could yield one key) and finds the family and the id
 * of a key text, which is how messages and keys in Redis are understood.
 */
import type { CacheMethods } from './cache.ts'
import { describe } from './describe.ts'
import { StaleproofError } from './errors.ts'
import type { Family } from './family.ts'
import type { FamilyRules } from './family-rules.ts'
import { isFields, isName, NAME_EXPECTED } from './option-checks.ts'
import { familyTag } from './tag.ts'
import { compileTemplate, type Template } from './template.ts'
import { canClash } from './template-clash.ts'
import { parseTemplate } from './template-syntax.ts'

/** Families by their names. */
export type Families = Readonly<Record<string, Family>>

/** Names that every object has, and `then`, which would make `await` swallow the cache. */
type ObjectName =
  | 'then'
  | 'constructor'
  | 'hasOwnProperty'
  | 'isPrototypeOf'
  | 'propertyIsEnumerable'
  | 'toJSON'
  | 'toLocaleString'
  | 'toString'
  | 'valueOf'
/** Names that a family can't have. */
export type ReservedName = Extract<keyof CacheMethods, string> | ObjectName

/** A family of a catalog, compiled: everything the cache needs to know about it. */
export interface CatalogFamily {
  readonly name: string
  readonly template: Template
  readonly rules: FamilyRules
  /** The implicit tag that all its values carry. */
  readonly tag: string
}
export interface ParsedKey {
  readonly family: string
  /** Undefined for families without parameters. */
  readonly id: unknown
}
/** What `defineCatalog` returns. */
export interface Catalog<F extends Families> {
  readonly name: string
  readonly families: F
  /** By name, in the order of declaration. */
  readonly compiled: ReadonlyMap<string, CatalogFamily>
  /** Family and id of a key text without namespace; undefined: of no family. */
  readonly parse: (keyText: string) => ParsedKey | undefined
}

/**
 * Declares what all services share. Throws `SP_OPTION_INVALID`, `SP_NAME_RESERVED` or
 * `SP_TEMPLATE_CLASH`.
 */
export function defineCatalog<F extends Families>(
  name: string,
  families: F & { readonly [K in keyof F & ReservedName]: `'${K}' is a method of the cache` },
): Catalog<F> {
  if (!isName(name)) throw refused('The name of a catalog cannot be used', NAME_EXPECTED, name)
  if (!isFields(families)) throw refused('A catalog has families', 'an object', families)
  const declared: Families = families
  const compiled = new Map<string, CatalogFamily>()
  for (const [familyName, family] of Object.entries(declared)) {
    compiled.set(familyName, compileFamily(familyName, family))
  }
  refuseClashes([...compiled.values()])
  const parse = keyParser([...compiled.values()])
  const copy: F = Object.freeze({ ...families })
  return Object.freeze({ name, families: copy, compiled, parse })
}

const RESERVED: Readonly<Record<ReservedName, true>> = {
  invalidate: true,
  observe: true,
  keys: true,
  stats: true,
  health: true,
  pending: true,
  settled: true,
  close: true,
  family: true,
  mutate: true,
  lock: true,
  limiter: true,
  debounce: true,
  configureBreaker: true,
  invalidateTag: true,
  invalidatePattern: true,
  clear: true,
  explain: true,
  about: true,
  // biome-ignore lint/suspicious/noThenProperty: the name is listed to be refused.
  then: true,
  constructor: true,
  hasOwnProperty: true,
  isPrototypeOf: true,
  propertyIsEnumerable: true,
  toJSON: true,
  toLocaleString: true,
  toString: true,
  valueOf: true,
}
/** Families are properties of the cache and words of logs and metrics. */
const FAMILY_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/

function compileFamily(name: string, family: Family): CatalogFamily {
  if (Object.hasOwn(RESERVED, name)) {
    throw new StaleproofError('SP_NAME_RESERVED', `'${name}' is a method of the cache`, {
      family: name,
      expected: 'another name for the family',
    })
  }
  if (!FAMILY_NAME.test(name)) {
    const expected = 'a letter and up to 63 letters, digits, underscores or hyphens'
    throw refused('The name of a family cannot be used', expected, name)
  }
  if (!isFields(family) || typeof family.template !== 'string' || !isFields(family.rules)) {
    throw refused(`'${name}' is not a family`, "what family('…', { … }) returns", family)
  }
  const template = compileTemplate(parseTemplate(family.template), name)
  return Object.freeze({ name, template, rules: family.rules, tag: familyTag(name) })
}

function refuseClashes(families: readonly CatalogFamily[]): void {
  for (const [index, left] of families.entries()) {
    for (const right of families.slice(index + 1)) {
      if (canClash(left.template, right.template)) throw clash(left, right)
    }
  }
}

/**
 * Candidates are found by the literal text that opens their keys: one look-up for each
 * length that such texts have, the longest first.
 */
function keyParser(families: readonly CatalogFamily[]): (key: string) => ParsedKey | undefined {
  const byHead = new Map<string, CatalogFamily[]>()
  for (const family of families) {
    const { head } = family.template
    byHead.set(head, [...(byHead.get(head) ?? []), family])
  }
  const lengths = [...new Set([...byHead.keys()].map((head) => head.length))]
  lengths.sort((left, right) => right - left)
  return (key) => {
    for (const length of lengths) {
      if (length > key.length) continue
      const parsed = parseAmong(byHead.get(key.slice(0, length)) ?? [], key)
      if (parsed) return parsed
    }
    return undefined
  }
}

function parseAmong(families: readonly CatalogFamily[], key: string): ParsedKey | undefined {
  for (const { name, template } of families) {
    const parsed = template.parse(key)
    if (parsed) return { family: name, id: parsed.id }
  }
  return undefined
}

function clash(left: CatalogFamily, right: CatalogFamily): StaleproofError {
  const texts = `'${left.template.text}' and '${right.template.text}'`
  const message = `The families '${left.name}' and '${right.name}' could have the same key`
  const expected = 'templates that differ in literal text or in their number of parts'
  return new StaleproofError('SP_TEMPLATE_CLASH', message, { expected, received: texts })
}

function refused(message: string, expected: string, value: unknown): StaleproofError {
  return new StaleproofError('SP_OPTION_INVALID', message, { expected, received: describe(value) })
}
