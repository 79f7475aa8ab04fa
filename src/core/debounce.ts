/** Debounced writes as their users see them. */
import type { Duration } from '../base/duration.ts'
import type { Signal } from './signal.ts'

/** How often a debounce flushes; both can be changed while it runs. */
export interface DebouncePace {
  /** The longest that a change waits until its flush begins, counted from the first one. */
  readonly wait?: Duration | undefined
  /** How many flushes may begin in a second, from 0.01 to 100. Default 2. */
  readonly flushesPerSecond?: number | undefined
}
/** What a flush is given besides its entries. */
export interface FlushContext {
  /** Fires when it has taken longer than `loadTimeout`, or when its time is up at closing. */
  readonly signal: Signal
}
/** What `cache.debounce` takes. */
export interface DebounceOptions<K, V> extends DebouncePace {
  readonly wait: Duration
  /** Entries of one flush. Default 500. */
  readonly maxBatch?: number | undefined
  /** Keys that wait or are being written; half of them don't wait any more. Default 10,000. */
  readonly maxPending?: number | undefined
  /** Writes them; when it rejects, they are kept and tried again. */
  readonly flush: (entries: ReadonlyMap<K, V>, context: FlushContext) => unknown
  /** What two changes of one key come to. Default, and where it throws: the newer one. */
  readonly merge?: ((older: V, newer: V) => V) | undefined
}
/** What a debounce has done since it was made. */
export interface DebounceStats {
  /** Keys that are not yet written. */
  readonly pending: number
  /** Flushes that succeeded, and the entries that they wrote. */
  readonly flushes: number
  readonly written: number
  readonly failures: number
  /** Changes that it had no room for. */
  readonly refused: number
}
/** Changes that are gathered by key, and written together at a bounded pace. */
export interface Debounce<K, V> {
  /** Throws `SP_DEBOUNCE_FULL` for a new key that there is no room for. */
  add(key: K, value: V): void
  /** Keys that are not yet written. */
  readonly size: number
  /** Writes everything now, in batches without a pause; rejects with the error of the flush. */
  flush(): Promise<void>
  /** Holds at once, also for what waits already. */
  configure(pace: DebouncePace): void
  readonly stats: DebounceStats
  /** Writes what waits, for at most a second; rejects with `SP_DEBOUNCE_LOST` if that failed. */
  close(): Promise<void>
}
