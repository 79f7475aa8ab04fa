/** The errors of the orchestrators, each made in one place so that its words are said once. */
import type { DurabilityAsk } from '../core/contracts/store.ts'
import { describe } from '../core/describe.ts'
import { isStaleproofError, StaleproofError } from '../core/errors.ts'
import type { StaleReason } from '../core/outcome.ts'
import type { Receipt } from '../core/receipt.ts'
import type { Carried } from '../core/value.ts'

/** Why a value is not carried, and the part that is to blame. */
type Refused = Extract<Carried, { readonly ok: false }>

export function closedError(): StaleproofError {
  return new StaleproofError('SP_CLOSED', 'the cache is closed')
}

export function noSource(family: string, key: string): StaleproofError {
  const message = `'${key}' is in no tier and this process has no source for '${family}'`
  return new StaleproofError('SP_NO_SOURCE', message, { family, key })
}

export function loadTimeout(family: string, key: string, ms: number): StaleproofError {
  const message = `loading '${key}' took longer than ${Math.round(ms)} ms`
  return new StaleproofError('SP_LOAD_TIMEOUT', message, { family, key })
}

export function loadCycle(family: string, key: string, chain: readonly string[]): StaleproofError {
  const message = `the load of '${key}' needs itself: ${[...chain, key].join(' → ')}`
  return new StaleproofError('SP_LOAD_CYCLE', message, { family, key })
}

export function callersLeft(key: string): StaleproofError {
  return new StaleproofError('SP_ABORTED', `nobody waits for the load of '${key}' any more`, {
    key,
  })
}

export function sourceShape(family: string, count: number, received: unknown): StaleproofError {
  const details = { family, expected: `an array of ${count}`, received: describe(received) }
  return new StaleproofError('SP_SOURCE_SHAPE', `the source of '${family}' answered wrong`, details)
}

/** `breaker`: the one that is open. */
export function sourceUnavailable(
  family: string,
  breaker: string,
  retryAfterMs: number,
): StaleproofError {
  const message = `the source of '${family}' is not asked: ${breaker} is open, ${retryAfterMs} ms`
  return new StaleproofError('SP_SOURCE_UNAVAILABLE', message, { family, retryAfterMs })
}

export function sourceBusy(
  family: string,
  { concurrency, queue }: { readonly concurrency: number; readonly queue: number },
): StaleproofError {
  const expected = `at most ${concurrency} calls that run and ${queue} that wait`
  const details = { family, expected, received: 'one more, or a more urgent one' }
  return new StaleproofError('SP_SOURCE_BUSY', `the source of '${family}' has no room`, details)
}

export function slotCorrupt(family: string, key: string, expected: string): StaleproofError {
  const message = `what Redis holds for '${key}' can't be read; ${expected}`
  return new StaleproofError('SP_SLOT_CORRUPT', message, { family, key })
}

export function aborted(key: string, reason: unknown): StaleproofError {
  const details = { key, cause: reason }
  return new StaleproofError('SP_ABORTED', `the caller of '${key}' stopped waiting`, details)
}

export function sweepAborted(pattern: string, count: number, reason: unknown): StaleproofError {
  const message = `${count} keys that match '${pattern}' are invalidated, the rest is not`
  return new StaleproofError('SP_ABORTED', message, { key: pattern, cause: reason })
}

export function noMinVersion(family: string): StaleproofError {
  const details = { family, expected: 'a family that declares order: (value) => integer' }
  const message = `'minVersion' means nothing for '${family}', which has no order`
  return new StaleproofError('SP_OPTION_INVALID', message, details)
}

export function timedOut(key: string, ms: number): StaleproofError {
  return new StaleproofError('SP_TIMEOUT', `no answer for '${key}' within ${ms} ms`, { key })
}

export function wireMismatch(ours: string, theirs: string): StaleproofError {
  const details = { expected: ours, received: theirs }
  const message = 'another process uses other settings (wire version|partitions|Δ)'
  return new StaleproofError('SP_WIRE_MISMATCH', message, details)
}

export function pendingError(receipt: Receipt): StaleproofError {
  const { pending, keys } = receipt
  const message = `Redis could not be told about ${pending.length} of ${keys.length} keys`
  return new StaleproofError('SP_INVALIDATION_PENDING', message, { receipt })
}

export function noOrder(family: string): StaleproofError {
  const details = { family, expected: 'a family that declares order: (value) => integer' }
  return new StaleproofError('SP_ORDER_INVALID', `'${family}' has no order, so no set`, details)
}

export function tooLarge(
  family: string,
  key: string,
  bytes: number,
  most: number,
): StaleproofError {
  const details = { family, key, expected: `at most ${most} bytes`, received: `${bytes} bytes` }
  return new StaleproofError('SP_VALUE_TOO_LARGE', `the value of '${key}' is not stored`, details)
}

export function notCarried(family: string, key: string, { path, what }: Refused): StaleproofError {
  const details = {
    family,
    key,
    expected: 'null, booleans, finite numbers, strings, arrays and plain objects',
    received: `${what} at ${path}`,
  }
  return new StaleproofError('SP_VALUE_NOT_CARRIED', `the value of '${key}' is not stored`, details)
}

/** Says where, never what. */
export function sensitive(family: string, key: string, { path, what }: Refused): StaleproofError {
  // Names of fields are shown; keys of maps may be what is sensitive.
  const place = path.replace(/\["(?:[^"\\]|\\.)*"\]/g, '[…]')
  const received = place === '' ? what : `${what} at ${place}`
  const expected = "nothing sensitive, or `encrypted: true`, or `sensitive: 'allow'`"
  const message = `the value of '${key}' is not stored`
  return new StaleproofError('SP_VALUE_SENSITIVE', message, { family, key, expected, received })
}

/** The codec, or a function of the family (`order`, `tags`), failed for a value. */
export function unusable(family: string, key: string, cause: unknown): StaleproofError {
  const message = `codec, 'order' or 'tags' of '${family}' failed for '${key}', which is not stored`
  return new StaleproofError('SP_VALUE_INVALID', message, { family, key, cause })
}

export function invalidValue(family: string, key: string, issues: string): StaleproofError {
  const message = `the value of '${key}' doesn't fit the schema of '${family}': ${issues}`
  return new StaleproofError('SP_VALUE_INVALID', message, { family, key })
}

export function idsExpected(family: string, received: unknown): StaleproofError {
  const details = { family, expected: 'an array of ids', received: describe(received) }
  return new StaleproofError('SP_ID_TYPE', `Several ids of '${family}' are an array`, details)
}

export function mutateNested(key: string): StaleproofError {
  const message = `'${key}' is being written by the same chain of calls`
  return new StaleproofError('SP_MUTATE_NESTED', message, { key })
}

export function mutateTooLarge(count: number, most: number): StaleproofError {
  const details = { expected: `at most ${most} keys`, received: `${count}` }
  return new StaleproofError('SP_MUTATE_TOO_LARGE', 'this is a group of keys', details)
}

/** The write has happened: its caller is not told that it failed. */
export function mutateKeysFailed(cause: unknown): StaleproofError {
  const message = 'which keys a write has changed could not be told'
  return new StaleproofError('SP_MUTATE_KEYS', message, { cause })
}

export function notQuarantined(count: number): StaleproofError {
  const message = `${count} keys could not be quarantined, so the write was not begun`
  return new StaleproofError('SP_REDIS_DOWN', message)
}

export function noActivity(family: string): StaleproofError {
  const details = { family, expected: 'a family with adaptiveTtl.activity' }
  return new StaleproofError('SP_OPTION_INVALID', `'${family}' does not adapt to activity`, details)
}

export function lockTaken(name: string): StaleproofError {
  return new StaleproofError('SP_LOCK_TAKEN', `'${name}' is held by somebody else`, { key: name })
}

export function lockLost(name: string): StaleproofError {
  const message = `'${name}' could not be renewed in time`
  return new StaleproofError('SP_LOCK_LOST', message, { key: name })
}

export function lockUnreachable(name: string): StaleproofError {
  return new StaleproofError('SP_REDIS_DOWN', `'${name}' could not be locked`, { key: name })
}

export function rateLimited(name: string, retryAfterMs: number): StaleproofError {
  const message = `'${name}' has no tokens left for ${retryAfterMs} ms`
  return new StaleproofError('SP_RATE_LIMITED', message, { key: name, retryAfterMs })
}

/** Two declarations of one name would be two quotas. */
export function limiterRedeclared(
  name: string,
  expected: string,
  received: string,
): StaleproofError {
  const message = `the limiter '${name}' has been declared with other options`
  return new StaleproofError('SP_OPTION_INVALID', message, { expected, received })
}

export function tooManyLimiters(most: number): StaleproofError {
  const expected = `at most ${most} names; the buckets of clients have one, by 'of'`
  const details = { expected, received: 'one more' }
  return new StaleproofError('SP_OPTION_INVALID', 'one limiter too many', details)
}

export function debounceFull(most: number): StaleproofError {
  const details = { expected: `at most ${most} keys not yet written`, received: 'one more' }
  return new StaleproofError('SP_DEBOUNCE_FULL', 'there is no room for another key', details)
}

export function debounceFailed(count: number, cause: unknown): StaleproofError {
  const message = `${count} entries are not written yet, and are tried again`
  return new StaleproofError('SP_DEBOUNCE_FAILED', message, { cause })
}

export function mergeFailed(cause: unknown): StaleproofError {
  const message = "'merge' of a debounce threw, and the newer value was taken"
  return new StaleproofError('SP_DEBOUNCE_FAILED', message, { cause })
}

export function debounceLost(count: number, cause: unknown): StaleproofError {
  const message = `${count} entries were not written when their debounce was closed`
  return new StaleproofError('SP_DEBOUNCE_LOST', message, { cause })
}

export function flushTimeout(ms: number): StaleproofError {
  return new StaleproofError('SP_TIMEOUT', `a flush has taken longer than ${ms} ms`)
}

export function tooManyDebounces(most: number): StaleproofError {
  const expected = `at most ${most} that are not closed`
  const details = { expected, received: 'one more' }
  return new StaleproofError('SP_OPTION_INVALID', 'one debounce too many', details)
}

export function closedPending(count: number): StaleproofError {
  const message = `the cache was closed while ${count} invalidations were pending`
  return new StaleproofError('SP_INVALIDATION_PENDING', message)
}

export function journalDamaged(): StaleproofError {
  const details = { expected: 'a pending invalidation' }
  return new StaleproofError('SP_JOURNAL_DAMAGED', 'a line on disk can not be read', details)
}

export function journalLate(ms: number): StaleproofError {
  const message = `pending invalidations were not on disk within ${ms} ms`
  return new StaleproofError('SP_JOURNAL_UNWRITABLE', message)
}

export function notReplicated({ replicas }: DurabilityAsk, received: number): StaleproofError {
  const details = { expected: `${replicas} replicas`, received: String(received) }
  return new StaleproofError('SP_NOT_REPLICATED', 'an invalidation is on too few', details)
}

export function internalFault(cause: unknown): StaleproofError {
  return new StaleproofError('SP_INTERNAL', 'background work of the cache failed', { cause })
}

/** Why an old value does instead of what failed; undefined: it does not. */
export function staleReasonOf(error: unknown): StaleReason | undefined {
  if (error === undefined) return undefined
  if (!isStaleproofError(error)) return 'sourceFailed'
  switch (error.code) {
    case 'SP_SOURCE_UNAVAILABLE':
      return 'breakerOpen'
    // The caller's own affair.
    case 'SP_ABORTED':
    case 'SP_TIMEOUT':
    case 'SP_CLOSED':
    case 'SP_LOAD_CYCLE':
      return undefined
    default:
      return 'sourceFailed'
  }
}
