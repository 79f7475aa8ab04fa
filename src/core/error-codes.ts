/**
 * Every error code with its meaning and its remedy. `docs/errors.md` is made from this
 * table; a code is never renamed and never used for something else.
 */
import type { ErrorCode } from './error-code.ts'

export interface CodeEntry {
  readonly meaning: string
  readonly remedy: string
}

export const ERROR_CODES: Readonly<Record<ErrorCode, CodeEntry>> = {
  SP_ABORTED: {
    meaning: "The caller's signal ended its wait. The load goes on for those who still wait.",
    remedy: 'Nothing to do; the reason of the signal is the cause.',
  },
  SP_ADMIN_REFUSED: {
    meaning: 'The admin API of a service refused what the command asked for.',
    remedy: 'The message has its reason: no good token, too low a role, or a read-only service.',
  },
  SP_ADMIN_UNREACHABLE: {
    meaning: 'The admin API of a service did not answer the command, or not as one does.',
    remedy: 'Check that the service runs, and that the address is that of its admin API.',
  },
  SP_CLOSED: {
    meaning: 'The cache has been closed, or is closing.',
    remedy: 'Close the cache after the last request has been answered.',
  },
  SP_CODEC_MISSING: {
    meaning: 'A family is declared with a codec whose package is not installed.',
    remedy: "Install 'msgpackr' in every service that opens this catalog, or use JSON.",
  },
  SP_COMMAND_FORBIDDEN: {
    meaning: 'A tool was about to send a command that is not on its list; nothing was sent.',
    remedy: 'Report it: tools that look at a Redis send only what their list allows.',
  },
  SP_CONFIRMATION_MISSING: {
    meaning: 'A command that would drop cached values was not confirmed, so it did nothing.',
    remedy: 'Look at what it has printed; the message has the options that confirm it.',
  },
  SP_DEBOUNCE_FAILED: {
    meaning:
      'A flush of a debounce failed: its entries are kept and tried again, later each time. Or ' +
      'its `merge` threw: the newer value was taken.',
    remedy: 'The cause is the error of your function; `stats.pending` shows what waits.',
  },
  SP_DEBOUNCE_FULL: {
    meaning: 'A debounce holds as many keys as `maxPending` allows, and takes no new one.',
    remedy: 'Slow down whoever changes things, make the flush faster, or raise `maxPending`.',
  },
  SP_DEBOUNCE_LOST: {
    meaning: 'A debounce was closed, and a second was not enough to write what it held.',
    remedy: 'Close it while the database still answers; the cause is the last error of the flush.',
  },
  SP_HISTORY_INVALID: {
    meaning: 'A file given to `staleproof verify --check` is no history.',
    remedy: 'Give the files that `staleproof verify --history FOLDER` has written.',
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
  SP_JOURNAL_DAMAGED: {
    meaning:
      'The journal on disk has a line that can not be read. Everything is invalidated, because ' +
      'the line may have named anything.',
    remedy: 'Look for a failing disk, or for other programs that write into the folder.',
  },
  SP_JOURNAL_UNWRITABLE: {
    meaning:
      'The folder of `journal` can not be used. While a cache is open this is only told to ' +
      'observers: what is pending is kept in memory alone.',
    remedy: 'Give the process a folder of its own that it may write to, with room left.',
  },
  SP_KEY_MISSING: {
    meaning:
      'A family is encrypted, and this process has no key, or not the one that a slot names. ' +
      'Such a slot counts as a miss; a process that loads such a family does not open.',
    remedy:
      'Give `openCache` the keys in `encryption`. A new key is first given to every process as ' +
      'the last one, then moved to the front.',
  },
  SP_LOAD_CYCLE: {
    meaning: 'A source asked for a key that its own chain of loads is loading.',
    remedy: 'Break the chain that the message names; a value cannot be made from itself.',
  },
  SP_LOAD_TIMEOUT: {
    meaning: 'The source, or another process that loads the same key, took too long.',
    remedy: 'Make the source faster, obey its signal, or raise `loadTimeout`.',
  },
  SP_LOCK_LOST: {
    meaning:
      'A lock could not be renewed before its time was up, or the cache was closed. It is the ' +
      'reason of the signal that the work was given; somebody else may hold the lock now.',
    remedy: 'Stop the work when its signal fires, and let what it writes to check the fence.',
  },
  SP_LOCK_TAKEN: {
    meaning: 'Another holder has the lock, and it was not given back within `wait`.',
    remedy: 'Leave the work to the holder, or wait longer.',
  },
  SP_MUTATE_KEYS: {
    meaning:
      'The function that tells the keys of a `mutate` from its result threw, or returned what ' +
      'are no keys. The write has happened, and nothing was invalidated. Observers are told.',
    remedy: 'Correct the function; the cause says what is wrong. Invalidate what was written.',
  },
  SP_MUTATE_NESTED: {
    meaning: 'A `mutate` was called for a key that the same chain of calls is writing already.',
    remedy: 'Name all keys in the outer `mutate`, and write inside of it without another one.',
  },
  SP_MUTATE_TOO_LARGE: {
    meaning: 'A `mutate` named more than 1,000 keys.',
    remedy: 'Give what belongs together a tag, and invalidate that after the write.',
  },
  SP_NAME_RESERVED: {
    meaning: 'A family has the name of a method of the cache, or of every object.',
    remedy: 'Choose another name for the family; its key template can stay.',
  },
  SP_NOT_REPLICATED: {
    meaning:
      'An invalidation was executed, but too few replicas had it within the timeout of ' +
      '`durability`. The receipt says so too; after a failover it is sent again.',
    remedy: 'Look at the replicas and their lag, or ask for fewer.',
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
  SP_OUTBOX_MISSING: {
    meaning: 'The database has no outbox, or its triggers were installed for another mapping.',
    remedy: 'Run `installOutbox` with the same mapping and schema before the relay starts.',
  },
  SP_PATTERN_INVALID: {
    meaning: 'The pattern is no glob of `*` and `?` over keys, or names an unknown parameter.',
    remedy: 'Name a part of the keys, with parameters of the template; `clear` drops all of them.',
  },
  SP_POOLED_CONNECTION: {
    meaning:
      'There is a pooler between the relay and the database, so a session does not last as long ' +
      'as its connection: locks, LISTEN and settings would be lost unnoticed.',
    remedy:
      'Give the relay the direct address of the database; everything else may use the pooler.',
  },
  SP_RATE_LIMITED: {
    meaning: 'A limiter, or the pace of a tool, would make this call wait longer than it may.',
    remedy: 'Try again after `retryAfterMs` of the error; answer a client with 429.',
  },
  SP_READ_FROM_REPLICA: {
    meaning: 'The connection leads to a Redis replica, or is configured to read from replicas.',
    remedy: 'Connect to the primary: a replica can serve what has been invalidated.',
  },
  SP_REDIS_DOWN: {
    meaning: 'Redis could not be reached, and the operation needs it.',
    remedy: 'Check the address and the server; reads go on from the source meanwhile.',
  },
  SP_REDIS_REFUSED: {
    meaning: 'The server answered a command of a tool with an error.',
    remedy: 'The message names the right or the setting that is missing.',
  },
  SP_REPLICATION_UNAVAILABLE: {
    meaning: 'The log of the database does not have what a relay by replication needs.',
    remedy: 'The message has the setting or the statement that is missing; or use the outbox.',
  },
  SP_ROW_UNMAPPED: {
    meaning:
      'The mapping could not say what a changed row makes old. The families of its table were ' +
      'cleared instead; for a table that it does not have, everything.',
    remedy: 'Correct `touches` or the kinds of the columns; the cause says what failed.',
  },
  SP_SLOT_CORRUPT: {
    meaning: 'A slot in Redis could not be read; it counts as a miss and is replaced.',
    remedy: 'Look for other programs that write into the same namespace.',
  },
  SP_SOURCE_BUSY: {
    meaning:
      'As many calls of the source run as its `concurrency` allows, and as many wait as its ' +
      '`queue` holds; or the call was a refresh and gave its place to a read.',
    remedy: 'Make the source faster, allow more of it, or answer with 503 and `Retry-After`.',
  },
  SP_SOURCE_ROWS: {
    meaning:
      'A source of live data did not answer a list of rows, or not one of its rows could be used.',
    remedy: 'Look at `lastInvalid` in its numbers; correct `parse`, or what the source answers.',
  },
  SP_SOURCE_SHAPE: {
    meaning: 'A source that loads many did not answer an array aligned with the ids.',
    remedy: 'Return one element for each id in their order, `undefined` for what does not exist.',
  },
  SP_SOURCE_SILENT: {
    meaning: 'A stream was open and had no data for `silentAfter`. It is opened anew.',
    remedy: 'Raise `silentAfter` if it may be quiet for so long; else look at the other side.',
  },
  SP_SOURCE_TIMEOUT: {
    meaning: 'A read of a source of live data took longer than its `timeout`.',
    remedy: 'Make the source faster, or raise `timeout`; let the read obey its signal.',
  },
  SP_SOURCE_UNAVAILABLE: {
    meaning:
      'The source was not asked, because too many of its calls, or of those of the dependency ' +
      'that it asks, have failed. The message names the breaker; `retryAfterMs` says how long.',
    remedy:
      'Repair the dependency; the breaker closes by itself. A family with `staleIfError` ' +
      'serves old values meanwhile.',
  },
  SP_TABLE_UNKNOWN: {
    meaning: 'A mapping names a table or a column that the database does not have.',
    remedy: 'Correct the name; a table outside of `public` is written `schema.table`.',
  },
  SP_TASK_TIMEOUT: {
    meaning: 'A warming task has not ended by its deadline. Its signal has fired.',
    remedy: 'Let it warm less, give it more time, or let it obey its signal.',
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
  SP_TRACE_INVALID: {
    meaning: 'A file given to `staleproof replay` is no trace of accesses.',
    remedy:
      'Give a text file, gzip or plain, with a key on each line or the columns ' +
      '`timestamp_s,key,size,op,ttl`.',
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
  SP_VALUE_SENSITIVE: {
    meaning:
      'The value holds what looks like a password, a private key, a token or a card number. From ' +
      'a source it is returned, but not stored; `set` rejects.',
    remedy:
      'Leave the field out of what is cached; or declare the family `encrypted: true`, or ' +
      "`sensitive: 'allow'` where the field is harmless. The message has its path.",
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
  SP_WRITE_INCOHERENT: {
    meaning: '`expectCoherent` saw a write that left old values in the cache.',
    remedy:
      'Let the write invalidate the families that the message names, or tags that they carry.',
  },
}
