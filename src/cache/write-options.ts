/** The options of writes, checked at the edge: texts go into messages and logs. */
import type { SetOptions, WaitOptions, WriteOptions } from '../core/handle.ts'
import { fieldsOf, invalid } from '../core/option-checks.ts'

/** Throws `SP_OPTION_INVALID`, `SP_OPTION_UNKNOWN`. */
export function checkInvalidate(options: WriteOptions): void {
  check('invalidate', options, ['reason', 'subject'])
}

/** Throws `SP_OPTION_INVALID`, `SP_OPTION_UNKNOWN`; `ttl` is checked where the family is known. */
export function checkSet(options: SetOptions): void {
  check('set', options, ['reason', 'subject', 'ttl'])
}

/** Throws `SP_OPTION_INVALID`, `SP_OPTION_UNKNOWN`. */
export function checkRefresh(options: WaitOptions): void {
  fieldsOf('refresh', options, ['signal', 'timeout'])
}

function check(where: string, options: WriteOptions, known: readonly string[]): void {
  const fields = fieldsOf(where, options, known)
  for (const name of ['reason', 'subject']) {
    const text = fields[name]
    if (text !== undefined && typeof text !== 'string') throw invalid(where, name, 'a text', text)
  }
}
