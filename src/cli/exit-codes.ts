/** What the exit codes of the command mean; `--help` shows them. */
import { isStaleproofError } from '../core/errors.ts'

export const exitCodes = {
  fine: 0,
  violated: 1,
  usage: 2,
  noConnection: 3,
  incomplete: 4,
  internal: 70,
  interrupted: 130,
  terminated: 143,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

const usageErrors = [
  'SP_OPTION_INVALID',
  'SP_OPTION_UNKNOWN',
  'SP_HISTORY_INVALID',
  'SP_TRACE_INVALID',
] as const

/** Of what went wrong before there was a result. */
export function codeOfError(error: unknown): ExitCode {
  if (usageErrors.some((code) => isStaleproofError(error, code))) return exitCodes.usage
  if (isStaleproofError(error, 'SP_REDIS_DOWN')) return exitCodes.noConnection
  return exitCodes.internal
}
