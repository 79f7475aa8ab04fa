/** The options of writes, checked at the edge: texts go into messages and logs. */
import type {
  InvalidateKeysOptions,
  InvalidateOptions,
  MutateOptions,
  PatternOptions,
  SetOptions,
  WaitOptions,
  WriteOptions,
} from '../core/handle.ts'
import { booleanIn, type Fields, fieldsOf, invalid } from '../core/option-checks.ts'

const ofGroups = ['reason', 'subject', 'barrier']
const ofKeys = [...ofGroups, 'minVersion']

/** Throws `SP_OPTION_INVALID`, `SP_OPTION_UNKNOWN`. */
export function checkInvalidate(options: InvalidateOptions): void {
  checkBarrier('invalidate', options, ofGroups)
}

/** The same; `minVersion` is checked where the families are known. */
export function checkInvalidateKeys(options: InvalidateKeysOptions): void {
  checkBarrier('invalidate', options, ofKeys)
}

/** Throws `SP_OPTION_INVALID`, `SP_OPTION_UNKNOWN`. */
export function checkPatternOptions(options: PatternOptions): void {
  checkBarrier('invalidatePattern', options, ['reason', 'subject', 'barrier', 'signal'])
  const { signal } = options
  if (signal === undefined || signal instanceof AbortSignal) return
  throw invalid('invalidatePattern', 'signal', 'an AbortSignal', signal)
}

/** Throws `SP_OPTION_INVALID`: before anything is begun for it. */
export function checkFunction(where: string, name: string, given: unknown): void {
  if (typeof given !== 'function') throw invalid(where, name, 'a function', given)
}

/** Throws `SP_OPTION_INVALID`, `SP_OPTION_UNKNOWN`; `ttl` is checked where the family is known. */
export function checkSet(options: SetOptions): void {
  check('set', options, ['reason', 'subject', 'ttl'])
}

/** Throws `SP_OPTION_INVALID`, `SP_OPTION_UNKNOWN`. */
export function checkMutate(options: MutateOptions): void {
  const known = ['reason', 'subject', 'barrier', 'whenRedisIsDown', 'receipt']
  checkBarrier('mutate', options, known)
  const fields = fieldsOf('mutate', options, known)
  booleanIn('mutate', fields, 'receipt')
  const { whenRedisIsDown } = fields
  if (whenRedisIsDown === undefined || whenRedisIsDown === 'run') return
  if (whenRedisIsDown === 'refuse') return
  throw invalid('mutate', 'whenRedisIsDown', "'run' or 'refuse'", whenRedisIsDown)
}

/** Throws `SP_OPTION_INVALID`, `SP_OPTION_UNKNOWN`. */
export function checkRefresh(options: WaitOptions): void {
  fieldsOf('refresh', options, ['signal', 'timeout'])
}

function checkBarrier(where: string, options: WriteOptions, known: readonly string[]): void {
  booleanIn(where, check(where, options, known), 'barrier')
}

function check(where: string, options: WriteOptions, known: readonly string[]): Fields {
  const fields = fieldsOf(where, options, known)
  checkText(where, fields, 'reason')
  checkText(where, fields, 'subject')
  return fields
}

function checkText(where: string, fields: Fields, name: 'reason' | 'subject'): void {
  const text = fields[name]
  if (text !== undefined && typeof text !== 'string') throw invalid(where, name, 'a text', text)
}
