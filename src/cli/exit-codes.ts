/** What the exit codes of the command mean; `--help` shows them. */
import { isStaleproofError } from '../core/errors.ts'

export const exitCodes = {
  fine: 0,
  found: 1,
  usage: 2,
  noConnection: 3,
  incomplete: 4,
  refused: 5,
  internal: 70,
  interrupted: 130,
  terminated: 143,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export const exitCodeTexts: Readonly<Record<keyof typeof exitCodes, string>> = {
  fine: 'done, nothing to complain of',
  found: 'findings, differences, or a broken promise',
  usage: 'wrong usage',
  noConnection: 'no connection, or no right to it',
  incomplete: 'not all could be seen or done',
  refused: 'refused: not confirmed, or read-only',
  internal: 'internal error, or a result that could not be written',
  interrupted: 'interrupted',
  terminated: 'terminated',
}

const usageErrors = [
  'SP_HISTORY_INVALID',
  'SP_ID_TYPE',
  'SP_OPTION_INVALID',
  'SP_OPTION_UNKNOWN',
  'SP_PATTERN_INVALID',
  'SP_TRACE_INVALID',
] as const

/** Of what went wrong before there was a result. */
export function codeOfError(error: unknown): ExitCode {
  if (usageErrors.some((code) => isStaleproofError(error, code))) return exitCodes.usage
  if (isStaleproofError(error, 'SP_REDIS_DOWN')) return exitCodes.noConnection
  if (isStaleproofError(error, 'SP_REDIS_REFUSED')) return exitCodes.noConnection
  if (isStaleproofError(error, 'SP_ADMIN_UNREACHABLE')) return exitCodes.noConnection
  if (isStaleproofError(error, 'SP_INVALIDATION_PENDING')) return exitCodes.incomplete
  if (isStaleproofError(error, 'SP_ADMIN_REFUSED')) return exitCodes.refused
  if (isStaleproofError(error, 'SP_CONFIRMATION_MISSING')) return exitCodes.refused
  return exitCodes.internal
}
