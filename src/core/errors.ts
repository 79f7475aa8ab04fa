/**
 * The one class of errors. They are recognised by a brand and a code, never by class
 * identity or by message, so that two copies of the package understand each other.
 */
import type { ErrorCode } from './error-code.ts'
import type { Receipt } from './receipt.ts'

const BRAND = Symbol.for('staleproof.error')

/** What an error says besides its code and message. */
export interface ErrorDetails {
  readonly family?: string | undefined
  /** The key text. */
  readonly key?: string | undefined
  readonly expected?: string | undefined
  /** A short description of what came instead. */
  readonly received?: string | undefined
  /** Of an invalidation that is pending. */
  readonly receipt?: Receipt | undefined
  /** When it may be tried again. */
  readonly retryAfterMs?: number | undefined
  readonly cause?: unknown
}

/** Every error of this library; ask for its `code`, or with `isStaleproofError`. */
export class StaleproofError extends Error {
  override readonly name = 'StaleproofError'
  readonly code: ErrorCode
  readonly family: string | undefined
  readonly key: string | undefined
  readonly expected: string | undefined
  readonly received: string | undefined
  readonly receipt: Receipt | undefined
  readonly retryAfterMs: number | undefined

  /** `message` is a sentence; the code, what was expected and what came are added to it. */
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    const { expected, received, cause } = details
    const wanted = expected === undefined ? '' : `; expected ${expected}`
    const came = received === undefined ? '' : `, received ${received}`
    super(`${code}: ${message}${wanted}${came}`, cause === undefined ? undefined : { cause })
    this.code = code
    this.family = details.family
    this.key = details.key
    this.expected = expected
    this.received = received
    this.receipt = details.receipt
    this.retryAfterMs = details.retryAfterMs
    // Not enumerable: loggers print what is.
    Object.defineProperty(this, BRAND, { value: true })
  }
}

/** True for errors of this library, of any copy of it; with a code, only for that one. */
export function isStaleproofError(error: unknown, code?: ErrorCode): error is StaleproofError {
  if (typeof error !== 'object' || error === null) return false
  try {
    if (!(BRAND in error) || !('code' in error)) return false
    return code === undefined || error.code === code
  } catch {
    // A proxy that can't be asked is none of ours.
    return false
  }
}
