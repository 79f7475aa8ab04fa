/**
 * Checks of options, used once where they enter (families and `openCache`). Each returns
 * the resolved value or throws; `where` opens the message, such as `family 'market:{id}'`.
 */
import { BYTE_SIZE_EXPECTED, parseByteSize } from '../base/byte-size.ts'
import { DURATION_EXPECTED, parseDuration } from '../base/duration.ts'
import { nearestName } from '../base/nearest-name.ts'
import { describe } from './describe.ts'
import { StaleproofError } from './errors.ts'

/** Plain access to the fields of something that came from outside. */
export type Fields = Readonly<Record<string, unknown>>

export type AuthorFunction = (...args: readonly unknown[]) => unknown

export interface Range {
  readonly min: number
  readonly max: number
}

/** Catalogs, namespaces and services: they stand in Redis keys and messages. */
const NAME = /^[A-Za-z0-9._-]{1,64}$/
export const NAME_EXPECTED = '1 to 64 letters, digits, dots, underscores or hyphens'

export function isName(value: unknown): value is string {
  return typeof value === 'string' && NAME.test(value)
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The same, with nothing inherited: a loop over its names meets its own alone. */
export function isPlainFields(value: unknown): value is Fields {
  return isFields(value) && Object.getPrototypeOf(value) === Object.prototype
}

export function invalid(
  where: string,
  name: string,
  expected: string,
  value: unknown,
): StaleproofError {
  const details = { expected, received: describe(value) }
  return new StaleproofError('SP_OPTION_INVALID', `${where}: option '${name}'`, details)
}

/** Takes an object with no fields but the known ones. */
export function fieldsOf(where: string, given: unknown, known: readonly string[]): Fields {
  if (!isFields(given)) throw invalid(where, 'options', 'an object', given)
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) throw unknownOption(where, name, known)
  }
  return given
}

/** A duration in milliseconds; undefined stays undefined. */
export function durationIn(
  where: string,
  fields: Fields,
  name: string,
  range?: Range,
): number | undefined {
  const value = fields[name]
  if (value === undefined) return undefined
  const ms = parseDuration(value)
  if (ms === undefined) throw invalid(where, name, DURATION_EXPECTED, value)
  if (range && (ms < range.min || ms > range.max)) {
    throw invalid(where, name, `from ${range.min} to ${range.max} ms`, value)
  }
  return ms
}

/** A time to live; small numbers are refused, because they are seconds by mistake. */
export function ttlIn(where: string, fields: Fields, name: string): number | undefined {
  const value = fields[name]
  const ms = durationIn(where, fields, name)
  if (typeof value === 'number' && value < 1_000) {
    const meant = `'${value}s', or '${value}ms' if milliseconds are meant`
    throw invalid(where, name, meant, value)
  }
  return ms
}

export function bytesIn(where: string, fields: Fields, name: string): number | undefined {
  const value = fields[name]
  if (value === undefined) return undefined
  const bytes = parseByteSize(value)
  if (bytes === undefined) throw invalid(where, name, BYTE_SIZE_EXPECTED, value)
  return bytes
}

export function integerIn(
  where: string,
  fields: Fields,
  name: string,
  range: Range,
): number | undefined {
  const value = fields[name]
  if (value === undefined) return undefined
  const isInteger = typeof value === 'number' && Number.isSafeInteger(value)
  if (!isInteger || value < range.min || value > range.max) {
    throw invalid(where, name, `an integer from ${range.min} to ${range.max}`, value)
  }
  return value
}

/** A number from 0 to 1. */
export function shareIn(where: string, fields: Fields, name: string): number | undefined {
  const value = fields[name]
  if (value === undefined) return undefined
  if (typeof value === 'number' && value >= 0 && value <= 1) return value
  throw invalid(where, name, 'a number from 0 to 1', value)
}

export function booleanIn(where: string, fields: Fields, name: string): boolean | undefined {
  const value = fields[name]
  if (value === undefined || typeof value === 'boolean') return value
  throw invalid(where, name, 'true or false', value)
}

export function nameIn(where: string, fields: Fields, name: string): string | undefined {
  const value = fields[name]
  if (value === undefined || isName(value)) return value
  throw invalid(where, name, NAME_EXPECTED, value)
}

/** A function of the author, wrapped so that what it returns is `unknown` to us. */
export function functionIn(
  where: string,
  fields: Fields,
  name: string,
  self?: unknown,
): AuthorFunction | undefined {
  const value = fields[name]
  if (value === undefined) return undefined
  if (typeof value !== 'function') throw invalid(where, name, 'a function', value)
  return (...args) => Reflect.apply(value, self, args)
}

function unknownOption(where: string, name: string, known: readonly string[]): StaleproofError {
  const nearest = nearestName(name, known)
  const expected = nearest === undefined ? `one of ${known.join(', ')}` : `'${nearest}'`
  const message = `${where}: there is no option '${name}'`
  return new StaleproofError('SP_OPTION_UNKNOWN', message, { expected, received: `'${name}'` })
}
