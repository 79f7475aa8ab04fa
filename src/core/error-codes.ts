/**
 * Every error code with its meaning and its remedy. `docs/errors.md` is made from this
 * table; a code is never renamed and never used for something else.
 */

export interface CodeEntry {
  readonly meaning: string
  readonly remedy: string
}

/** Every code there is; the table below must have all of them. */
export type ErrorCode =
  | 'SP_ABORTED'
  | 'SP_CLOSED'
  | 'SP_ID_TOO_LONG'
  | 'SP_ID_TYPE'
  | 'SP_INTERNAL'
  | 'SP_INVALIDATION_PENDING'
  | 'SP_LOAD_CYCLE'
  | 'SP_LOAD_TIMEOUT'
  | 'SP_NAME_RESERVED'
  | 'SP_NO_SOURCE'
  | 'SP_OPTION_INVALID'
  | 'SP_OPTION_UNKNOWN'
  | 'SP_ORDER_INVALID'
  | 'SP_PATTERN_INVALID'
  | 'SP_READ_FROM_REPLICA'
  | 'SP_REDIS_DOWN'
  | 'SP_SLOT_CORRUPT'
  | 'SP_SOURCE_SHAPE'
  | 'SP_TEMPLATE_CLASH'
  | 'SP_TEMPLATE_INVALID'
  | 'SP_TIMEOUT'
  | 'SP_TOKEN_INVALID'
  | 'SP_VALUE_INVALID'
  | 'SP_VALUE_NOT_CARRIED'
  | 'SP_VALUE_TOO_LARGE'
  | 'SP_WIRE_MISMATCH'

export const ERROR_CODES: Readonly<Record<ErrorCode, CodeEntry>> = {
  SP_ABORTED: {
    meaning: "The caller's signal ended its wait. The load goes on for those who still wait.",
    remedy: 'Nothing to do; the reason of the signal is the cause.',
  },
  SP_CLOSED: {
    meaning: 'The cache has been closed, or is closing.',
    remedy: 'Close the cache after the last request has been answered.',
  },
  SP_ID_TOO_LONG: {
    meaning: 'The id has more than 1,024 bytes in its encoded form.',
    remedy: 'Use a shorter id, such as a hash of the long text.',
  },
  SP_ID_TYPE: {
    meaning: "The id does not fit the family's template.",
    remedy:
      'Give a string for `{name}`, a safe integer for `{name:int}`, an object with exactly the ' +
      'named fields for several parameters, nothing for none. Half of a surrogate pair is no text.',
  },
  SP_INTERNAL: {
    meaning: 'Work of the cache in the background failed for a reason that should not exist.',
    remedy: 'Report it with its cause; reads and writes go on, at worst without the cache.',
  },
  SP_INVALIDATION_PENDING: {
    meaning:
      'Redis could not be told in time. The invalidation is kept and is sent before the first ' +
      'read on the next connection; until then other processes may serve the old value.',
    remedy:
      'Answer your user with success: the write itself has happened. The receipt on the error ' +
      'has a token that makes later reads see it; `cache.pending()` shows what waits.',
  },
  SP_LOAD_CYCLE: {
    meaning: 'A source asked for a key that its own chain of loads is loading.',
    remedy: 'Break the chain that the message names; a value cannot be made from itself.',
  },
  SP_LOAD_TIMEOUT: {
    meaning: 'The source, or another process that loads the same key, took too long.',
    remedy: 'Make the source faster, obey its signal, or raise `loadTimeout`.',
  },
  SP_NAME_RESERVED: {
    meaning: 'A family has the name of a method of the cache, or of every object.',
    remedy: 'Choose another name for the family; its key template can stay.',
  },
  SP_NO_SOURCE: {
    meaning: 'The value is in no tier and this process has no source for the family.',
    remedy: 'Declare a source in `openCache`, or use `peek` if absence is expected.',
  },
  SP_OPTION_INVALID: {
    meaning: 'An option has a value of the wrong type or outside of its range.',
    remedy: 'The message names the option, what was expected and what was received.',
  },
  SP_OPTION_UNKNOWN: {
    meaning: 'There is no option of that name.',
    remedy: 'The message names the nearest one that exists.',
  },
  SP_ORDER_INVALID: {
    meaning: 'The order of a value is not an integer from 0 to 9223372036854775807.',
    remedy: "Correct the family's `order`; give a bigint beyond 9007199254740991.",
  },
  SP_PATTERN_INVALID: {
    meaning: 'The pattern names a parameter that the template does not have.',
    remedy: 'Name parameters of the template; those that are left out match anything.',
  },
  SP_READ_FROM_REPLICA: {
    meaning: 'The connection leads to a Redis replica, or is configured to read from replicas.',
    remedy: 'Connect to the primary: a replica can serve what has been invalidated.',
  },
  SP_REDIS_DOWN: {
    meaning: 'Redis could not be reached, and the operation needs it.',
    remedy: 'Check the address and the server; reads go on from the source meanwhile.',
  },
  SP_SLOT_CORRUPT: {
    meaning: 'A slot in Redis could not be read; it counts as a miss and is replaced.',
    remedy: 'Look for other programs that write into the same namespace.',
  },
  SP_SOURCE_SHAPE: {
    meaning: 'A source that loads many did not answer an array aligned with the ids.',
    remedy: 'Return one element for each id in their order, `undefined` for what does not exist.',
  },
  SP_TEMPLATE_CLASH: {
    meaning: 'Two templates of the catalog could yield the same key.',
    remedy: 'Change the text of one of them, or put a separator such as `:` between its parts.',
  },
  SP_TEMPLATE_INVALID: {
    meaning: 'The template of a family cannot be used.',
    remedy: 'The message says what is wrong with it and where.',
  },
  SP_TIMEOUT: {
    meaning: "The caller's own `timeout` has passed. The load goes on for those who still wait.",
    remedy: 'Wait longer, or make the source faster.',
  },
  SP_TOKEN_INVALID: {
    meaning: 'The text given as `after` is not the token of a receipt.',
    remedy: 'Pass on `receipt.token` unchanged; treat tokens from outside as untrusted input.',
  },
  SP_VALUE_INVALID: {
    meaning: "The value does not fit the family's schema. It is returned, but not stored.",
    remedy: 'Correct the source or the schema; the message has the first issues.',
  },
  SP_VALUE_NOT_CARRIED: {
    meaning:
      'The value would not be the same from every tier. From a source it is returned, but not ' +
      'stored; `set` rejects.',
    remedy:
      'Use null, booleans, finite numbers, strings, arrays and plain objects. The message has ' +
      'the path of the part that is something else.',
  },
  SP_VALUE_TOO_LARGE: {
    meaning: "The encoded value is larger than the family's `maxValueBytes`. It is not stored.",
    remedy: 'Split the value into several families or pages, or raise the bound.',
  },
  SP_WIRE_MISMATCH: {
    meaning:
      'Another process on this namespace uses another wire version, number of partitions or Δ. ' +
      'This process no longer trusts its memory.',
    remedy: 'Give all processes the same settings, or each generation its own `namespace`.',
  },
}

/** The page `docs/errors.md`. */
export function renderErrorDocs(): string {
  const head =
    '# Errors\n\nEvery error of the library is a `StaleproofError` with one of these codes. ' +
    'Recognise them with `isStaleproofError(error, code)`: it also works when two copies of ' +
    'the package are loaded. This page is made from `src/core/error-codes.ts`.\n'
  const sections = Object.entries(ERROR_CODES).map(
    ([code, entry]) => `\n## ${code}\n\n${entry.meaning}\n\n**What to do:** ${entry.remedy}\n`,
  )
  return head + sections.join('')
}
