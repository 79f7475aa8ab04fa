/**
 * The keys of a process, as `openCache` is given them: the first one encrypts, all of
 * them decrypt. So a key is replaced in two steps: given as the last one everywhere, then
 * as the first one.
 */
import { createSecretKey, type KeyObject } from 'node:crypto'
import { describe } from '../core/describe.ts'
import { StaleproofError } from '../core/errors.ts'
import { fieldsOf, invalid } from '../core/option-checks.ts'

export interface RingKey {
  readonly id: string
  readonly key: KeyObject
}

/** In the order in which they were given. */
export type KeyRing = readonly RingKey[]

/** Old keys are needed for one TTL after they were replaced; nobody replaces faster. */
export const keysMax = 16
const KEY_BYTES = 32
const KEY_ID = /^[A-Za-z0-9_.-]{1,16}$/
const BASE64 = /^[A-Za-z0-9+/_-]{43}=?$/
const WHERE = 'openCache encryption'

/** Throws `SP_OPTION_UNKNOWN` or `SP_OPTION_INVALID`, which never show a key. */
export function keyRing(given: unknown): KeyRing {
  if (given === undefined) return []
  const { keys } = fieldsOf(WHERE, given, ['keys'])
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > keysMax) {
    throw refused('keys', `1 to ${keysMax} objects with id and key`, keys)
  }
  const ring = keys.map((key: unknown) => ringKey(key))
  const twice = ring.find(({ id }, at) => ring.findIndex((other) => other.id === id) !== at)
  if (twice !== undefined) throw invalid(WHERE, 'id', 'another id for each key', twice.id)
  return ring
}

function ringKey(given: unknown): RingKey {
  const { id, key } = fieldsOf(`${WHERE} keys`, given, ['id', 'key'])
  if (typeof id !== 'string' || !KEY_ID.test(id)) {
    throw invalid(WHERE, 'id', '1 to 16 letters, digits, dots, underscores or hyphens', id)
  }
  const bytes = bytesOf(key)
  if (bytes?.length !== KEY_BYTES) {
    throw refused('key', `${KEY_BYTES} bytes, or their base64 (of the key '${id}')`, key)
  }
  return { id, key: createSecretKey(bytes) }
}

/** Of what may be a key nothing is told but how long it is. */
function refused(name: string, expected: string, given: unknown): StaleproofError {
  const details = { expected, received: lengthOf(given) ?? describe(given) }
  return new StaleproofError('SP_OPTION_INVALID', `${WHERE}: option '${name}'`, details)
}

function lengthOf(given: unknown): string | undefined {
  if (given instanceof Uint8Array) return `${given.length} bytes`
  return typeof given === 'string' ? `a text of ${given.length} characters` : undefined
}

function bytesOf(key: unknown): Uint8Array | undefined {
  if (key instanceof Uint8Array) return key
  return typeof key === 'string' && BASE64.test(key) ? Buffer.from(key, 'base64') : undefined
}
