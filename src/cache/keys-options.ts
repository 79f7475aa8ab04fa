/** Which keys are to be listed, checked. */
import { checkPattern } from '../core/glob.ts'
import type { KeysOptions } from '../core/key-listing.ts'
import { fieldsOf, integerIn, invalid } from '../core/option-checks.ts'

export interface ResolvedKeys {
  readonly pattern: string
  readonly limit: number
  readonly signal: AbortSignal | undefined
}

const LIMIT_RANGE = { min: 1, max: 10_000 }
const limitDefault = 100

/** Throws `SP_OPTION_INVALID`, `SP_OPTION_UNKNOWN` or `SP_PATTERN_INVALID`. */
export function resolveKeys(options: KeysOptions): ResolvedKeys {
  const fields = fieldsOf('keys', options, ['pattern', 'limit', 'signal'])
  const { pattern = '*', signal } = fields
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw invalid('keys', 'signal', 'an AbortSignal', signal)
  }
  const limit = integerIn('keys', fields, 'limit', LIMIT_RANGE) ?? limitDefault
  return { pattern: pattern === '*' ? '*' : checkPattern(pattern), limit, signal }
}
