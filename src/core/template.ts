/**
 * Compiled templates: id → key text, key text → id (its exact inverse), and the bare
 * identity under which memory holds an id.
 *
 * The memory identity is on the path of every hit, so for one parameter it is a type
 * test and the id itself: no text is built, and what the test lets pass (an unsafe
 * integer, half of a surrogate pair) is never in memory and is refused when the key is
 * built. `-0` is the id 0.
 */
import { decodePercent, encodePercent, isPlainPercent } from '../base/percent.ts'
import type { MemoryId } from './contracts/memory.ts'
import { describe } from './describe.ts'
import { StaleproofError } from './errors.ts'
import type { Fields } from './option-checks.ts'
import { isFields, isPlainFields } from './option-checks.ts'
import type { Parameter, ParameterType, TemplateSyntax } from './template-syntax.ts'

/** Longest id in encoded bytes, all parameters together. */
export const ID_BYTES_MAX = 1_024

export interface ParsedId {
  /** Undefined for families without parameters. */
  readonly id: unknown
}
export interface Template extends TemplateSyntax {
  /** Throws `SP_ID_TYPE`. */
  readonly memoryId: (id: unknown) => MemoryId
  /** Throws `SP_ID_TYPE` or `SP_ID_TOO_LONG`. */
  readonly keyText: (id: unknown) => string
  /** Undefined: no id of this family has this key text. */
  readonly parse: (keyText: string) => ParsedId | undefined
  /** A glob over encoded keys. Throws `SP_PATTERN_INVALID`, `SP_ID_TYPE`. */
  readonly pattern: (fields?: unknown) => string
}

export function compileTemplate(syntax: TemplateSyntax, family: string): Template {
  const { parameters, text } = syntax
  const keyText = keyTextBy(syntax, family)
  const memoryId = () => {
    const [first, second] = parameters
    if (first === undefined) return (id: unknown) => absentId(family, id)
    if (second !== undefined) return (id: unknown) => quickKeyText(syntax, id) ?? keyText(id)
    return first.type === 'int'
      ? (id: unknown) => (typeof id === 'number' ? id : refuseId(family, first.type, id))
      : (id: unknown) => (typeof id === 'string' ? id : refuseId(family, first.type, id))
  }
  const parse =
    parameters.length === 0
      ? (key: string) => (key === text ? { id: undefined } : undefined)
      : (key: string) => parseKey(syntax, key)
  const pattern = (fields?: unknown) => patternOf(syntax, family, fields)
  return Object.freeze({ ...syntax, memoryId: memoryId(), keyText, parse, pattern })
}

// ---- id → key ----------------------------------------------------------------

/**
 * The key of an object id, for memory: only ids that need no escape and no message. It is
 * on the path of hits, where the exact rules below take three times as long.
 */
function quickKeyText({ head, parameters }: TemplateSyntax, id: unknown): string | undefined {
  if (!isPlainFields(id)) return undefined
  let fieldsLeft = parameters.length
  for (const _ in id) fieldsLeft--
  if (fieldsLeft !== 0) return undefined
  let text = head
  for (const { name, type, after } of parameters) {
    const value = id[name]
    const isPlain = type === 'int' ? Number.isSafeInteger(value) : isPlainText(value)
    if (!isPlain) return undefined
    text += value + after
  }
  return text.length <= ID_BYTES_MAX ? text : undefined
}

/** By how many parameters there are, found out once: every read makes a key. */
function keyTextBy({ head, parameters }: TemplateSyntax, family: string): Template['keyText'] {
  const [first, second] = parameters
  if (first === undefined) return (id) => head + absentId(family, id)
  if (second !== undefined) return (id) => fieldsKeyText({ head, parameters }, family, id)
  const { type, after } = first
  return (id) => {
    const encoded = encodeValue(family, type, id)
    if (encoded.length > ID_BYTES_MAX) throw tooLong(family, encoded.length)
    return head + encoded + after
  }
}

function fieldsKeyText(
  { head, parameters }: Pick<TemplateSyntax, 'head' | 'parameters'>,
  family: string,
  id: unknown,
): string {
  const fields = exactFields(parameters, family, id)
  let text = head
  let idBytes = 0
  for (const { name, type, after } of parameters) {
    const encoded = encodeValue(family, type, fields[name])
    idBytes += encoded.length
    text += encoded + after
  }
  if (idBytes > ID_BYTES_MAX) throw tooLong(family, idBytes)
  return text
}

function tooLong(family: string, idBytes: number): StaleproofError {
  return new StaleproofError('SP_ID_TOO_LONG', `An id of the family '${family}' is too long`, {
    family,
    expected: `at most ${ID_BYTES_MAX} encoded bytes`,
    received: `${idBytes} bytes`,
  })
}

function isPlainText(value: unknown): boolean {
  return typeof value === 'string' && isPlainPercent(value)
}

function encodeValue(family: string, type: ParameterType, value: unknown): string {
  if (type === 'int') {
    return Number.isSafeInteger(value) ? String(value) : refuseId(family, type, value)
  }
  const encoded = typeof value === 'string' ? encodePercent(value) : undefined
  return encoded ?? refuseId(family, type, value)
}

function exactFields(parameters: readonly Parameter[], family: string, id: unknown): Fields {
  const isExact =
    isFields(id) &&
    Object.keys(id).length === parameters.length &&
    parameters.every(({ name }) => Object.hasOwn(id, name))
  if (isExact) return id
  const names = parameters.map(({ name }) => name).join(', ')
  throw wrongId(family, `an object with exactly ${names}`, id)
}

function absentId(family: string, id: unknown): '' {
  if (id === undefined) return ''
  throw wrongId(family, 'no id, because its template has no parameters', id)
}

function refuseId(family: string, type: ParameterType, id: unknown): never {
  throw wrongId(family, type === 'int' ? 'a safe integer' : 'a well-formed string', id)
}

function wrongId(family: string, expected: string, id: unknown): StaleproofError {
  const details = { family, expected, received: describe(id) }
  return new StaleproofError('SP_ID_TYPE', `The family '${family}' takes another id`, details)
}

// ---- key → id ----------------------------------------------------------------

function parseKey({ head, parameters }: TemplateSyntax, key: string): ParsedId | undefined {
  if (!key.startsWith(head)) return undefined
  // Each invalidation that is heard of has its key taken apart: one value needs no map.
  const values = parameters.length === 1 ? undefined : new Map<string, unknown>()
  let only: unknown
  let start = head.length
  let idBytes = 0
  for (const { name, type, after } of parameters) {
    // No value contains a separator, so the first occurrence is the end of the value.
    const end = after === '' ? key.length : key.indexOf(after, start)
    const value = end < 0 ? undefined : decodeValue(type, key.slice(start, end))
    if (value === undefined) return undefined
    values?.set(name, value)
    only = value
    idBytes += end - start
    start = end + after.length
  }
  if (start !== key.length || idBytes > ID_BYTES_MAX) return undefined
  return { id: values === undefined ? only : Object.fromEntries(values) }
}

function decodeValue(type: ParameterType, encoded: string): string | number | undefined {
  if (type === 'string') return decodePercent(encoded)
  const value = Number(encoded)
  const isCanonical = Number.isSafeInteger(value) && String(value) === encoded
  return isCanonical ? value : undefined
}

// ---- patterns ----------------------------------------------------------------

function patternOf(syntax: TemplateSyntax, family: string, fields: unknown): string {
  const { head, parameters } = syntax
  const given = fields ?? {}
  const names = parameters.map(({ name }) => name)
  if (!isFields(given)) throw wrongPattern(family, 'an object of parameters', given)
  const unknown = Object.keys(given).find((name) => !names.includes(name))
  if (unknown !== undefined) {
    throw wrongPattern(family, names.join(', ') || 'no parameters', unknown)
  }
  let glob = head
  for (const { name, type, after } of parameters) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined
    glob += (value === undefined ? '*' : encodeValue(family, type, value)) + after
  }
  return glob
}

function wrongPattern(family: string, expected: string, received: unknown): StaleproofError {
  return new StaleproofError('SP_PATTERN_INVALID', `A pattern of '${family}' cannot be used`, {
    family,
    expected,
    received: describe(received),
  })
}
