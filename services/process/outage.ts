/**
 * Which errors mean "not now": whoever asks again later may be answered. The query builder wraps
 * them, so the errors inside are looked at too.
 */
import { isStaleproofError } from 'staleproof'
import { errorChain } from './error-chain.ts'
import { BusyError } from './service-error.ts'

const retryAfterMs = 1_000

/** Of the network, and of PostgreSQL (classes and single ones). */
const codes: readonly RegExp[] = [
  /^E(CONNREFUSED|CONNRESET|CONNABORTED|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN)$/,
  // No connection, too few resources, an operator's intervention (or our bound of statements).
  /^(08|53|57)[0-9A-Z]{3}$/,
  // A lock was not to be had in time; too long a pause; a deadlock or a conflict.
  /^(55P03|25P03|40P01|40001)$/,
]

/** What the driver of PostgreSQL says where it gives no code. */
const driverMessages = [
  'Query read timeout',
  'timeout expired',
  'timeout exceeded when trying to connect',
  'Connection terminated',
  'Client was closed',
  'Client has encountered a connection error',
]

/** The refusal to answer with; undefined where asking again would not help. */
export function outageOf(error: unknown): BusyError | undefined {
  for (const one of errorChain(error)) {
    const refusal = refusalOf(one)
    if (refusal !== undefined) return refusal
  }
  return undefined
}

function refusalOf(error: object): BusyError | undefined {
  if (error instanceof BusyError) return error
  if (isStaleproofError(error, 'SP_SOURCE_BUSY')) {
    return new BusyError({ ...tooBusy, retryAfterMs, cause: error })
  }
  if (isStaleproofError(error, 'SP_SOURCE_UNAVAILABLE')) {
    const waitMs = error.retryAfterMs ?? retryAfterMs
    return new BusyError({ ...unavailable, retryAfterMs: waitMs, cause: error })
  }
  if (isStaleproofError(error, 'SP_LOAD_TIMEOUT') || isAway(error)) {
    return new BusyError({ ...unavailable, retryAfterMs, cause: error })
  }
  return undefined
}

const tooBusy = {
  status: 503,
  code: 'too_busy',
  message: 'Too much to do at the moment.',
} as const

const unavailable = {
  status: 503,
  code: 'unavailable',
  message: 'What this needs does not answer at the moment.',
} as const

function isAway(error: object): boolean {
  if ('code' in error && typeof error.code === 'string') {
    const { code } = error
    if (codes.some((pattern) => pattern.test(code))) return true
  }
  if (!(error instanceof Error)) return false
  return driverMessages.some((message) => error.message.startsWith(message))
}
